/** `npm start`: the desktop app where there is a screen and an Electron binary, else the gateway alone. Runs under plain Node. */
import { fileURLToPath } from 'node:url'
import { enableCompileCache } from 'node:module'
import { buildStale, describeFailures } from './launch/build-stale.ts'
import { desktopTargets, rendererTarget } from './launch/build-targets.ts'
import { afterElectron, decideLaunch, type LaunchFacts } from './launch/decide-launch.ts'
import { findElectron, installElectron } from './launch/electron-binary.ts'
import { runElectron } from './launch/run-electron.ts'
import { runGatewayAlone } from './launch/run-gateway-alone.ts'

enableCompileCache()

const projectDirectory = fileURLToPath(new URL('..', import.meta.url))
const flags = process.argv.slice(2)
const environment = process.env

const facts = (electron: LaunchFacts['electron'], desktopBuilt: boolean): LaunchFacts => ({
  platform: process.platform,
  environment,
  electron,
  desktopBuilt,
  userId: process.geteuid?.(),
})

/** Builds what is stale and prints what failed; false when something Electron needs could not be built. */
async function buildDesktop(): Promise<boolean> {
  const outcomes = await buildStale(projectDirectory, [rendererTarget, ...desktopTargets])
  process.stderr.write(describeFailures(outcomes))
  return outcomes.every((outcome) => outcome.result !== 'failed')
}

async function alone(reason: string, display: boolean): Promise<void> {
  process.stderr.write(describeFailures(await buildStale(projectDirectory, [rendererTarget])))
  console.log(`No desktop window: ${reason}. The gateway runs alone, with its interface in the browser.`)
  await runGatewayAlone({ display, flags })
}

let electron: LaunchFacts['electron'] = findElectron(projectDirectory, environment).state
let launch = decideLaunch(facts(electron, true))
if (launch.kind === 'install-electron') {
  console.log('Fetching the Electron binary (once, about 120 MB)…')
  electron = (await installElectron(projectDirectory)) ? 'installed' : 'failed-to-install'
  launch = decideLaunch(facts(electron, true))
}
if (launch.kind === 'desktop') launch = decideLaunch(facts(electron, await buildDesktop()))

const executable = findElectron(projectDirectory, environment).path
if (launch.kind === 'desktop' && executable !== undefined) {
  const outcome = afterElectron(await runElectron({ executable, projectDirectory, flags, environment }))
  if ('reason' in outcome) await alone(outcome.reason, true)
  else process.exitCode = outcome.exitCode
} else if (launch.kind === 'gateway-alone') {
  await alone(launch.reason, launch.display)
} else {
  await alone('the Electron binary could not be found', true)
}
