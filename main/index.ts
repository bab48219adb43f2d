/** The Electron main process: builds everything, wires it, starts it. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { app, crashReporter, dialog, Menu } from 'electron'
import { systemClock } from './clock.ts'
import { createDesktopApp, serviceStopLimitMs } from './desktop-app.ts'
import { adaptElectron } from './electron/adapters.ts'
import { adaptApp, onOpenUrl, registerAppScheme } from './electron/app-adapter.ts'
import { wasOpenedAtLogin } from './electron/login-item-adapter.ts'
import { flagValue, gatewayArguments, gatewayEnvironment } from './gateway/gateway-environment.ts'
import { installCrashGuard } from './lifecycle/crash-guard.ts'
import { linkAmong, linkScheme } from './links/deep-link.ts'
import { createLinkInbox } from './links/link-inbox.ts'
import { hiddenFlag } from './lifecycle/login-item.ts'
import { installShutdown, quitOnSignals } from './lifecycle/shutdown.ts'
import { becomeOnlyInstance } from './lifecycle/single-instance.ts'
import { createFileLogger } from './logger.ts'
import { autostartDirectory, desktopDirectory, knownConfigPath } from './paths.ts'
import { openStateFile } from './settings/state-file.ts'
import { applicationMenu } from './window/application-menu.ts'

const argumentList = process.argv.slice(1)
const startLink = linkAmong(argumentList)
const flags = gatewayArguments(argumentList)
const directory = desktopDirectory({
  platform: process.platform,
  environment: process.env,
  home: homedir(),
  workingDirectory: process.cwd(),
  dataDir: flagValue(flags, '--data-dir'),
})
const logPath = join(directory, 'desktop.log')
const logger = createFileLogger({ path: logPath, now: () => Date.now() })

installCrashGuard({
  process,
  logger,
  logPath,
  showError: (title, text) => dialog.showErrorBox(title, text),
  exit: (code) => app.exit(code),
})

// The lock against a second copy lies in userData: the path comes first.
app.setName('Signalbox')
app.setPath('userData', directory)
app.setAppUserModelId('dev.signalbox.app')
registerAppScheme()
app.enableSandbox()
// Dumps of crashed processes stay on this machine, in a folder of userData.
crashReporter.start({ uploadToServer: false })
const links = createLinkInbox()
onOpenUrl((link) => links.add(link))
if (startLink !== undefined) links.add(startLink)
// Started from its sources it would register Electron itself.
if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme)

const appPort = adaptApp()
if (becomeOnlyInstance(appPort, argumentList)) void run()
else app.quit()

async function run(): Promise<void> {
  await app.whenReady()
  const built = join(import.meta.dirname, '..')
  const ports = adaptElectron({
    platform: process.platform,
    iconsDirectory: join(built, '..', 'resources', 'icons'),
    preloadFile: join(built, 'preload', 'index.cjs'),
    developerTools: !app.isPackaged,
    autostartDirectory: autostartDirectory(process.env, homedir()),
    executable: process.env['APPIMAGE'] ?? process.execPath,
    entryFile: join(built, 'gateway', 'process.js'),
    flags,
    environment: gatewayEnvironment(process.env),
    showOutput: !app.isPackaged,
  })
  Menu.setApplicationMenu(applicationMenu(process.platform, (template) => Menu.buildFromTemplate(template)))
  const desktopApp = createDesktopApp({
    ports,
    platform: process.platform,
    clock: systemClock,
    logger,
    fetch,
    uiDirectory: join(built, 'renderer'),
    developerTools: !app.isPackaged,
    hidden: argumentList.includes(hiddenFlag) || wasOpenedAtLogin(process.platform),
    installed: app.isPackaged,
    settingsFile: openStateFile(join(directory, 'settings.json')),
    windowFile: openStateFile(join(directory, 'window.json')),
    places: {
      log: logPath,
      config: knownConfigPath(flagValue(flags, '--config'), flagValue(flags, '--data-dir'), process.cwd()),
    },
    links,
    quitInto: (end) => shutdown.quitInto(end),
  })
  const shutdown = installShutdown({
    app: appPort,
    stop: () => desktopApp.stop(),
    clock: systemClock,
    logger,
    limitMs: serviceStopLimitMs + 5_000,
  })
  quitOnSignals(process, appPort)
  await desktopApp.start()
}
