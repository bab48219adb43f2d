import { app } from 'electron'
import type { UpdatePort } from '../updates/update-port.ts'

const fromSources = 'Only an installed copy is updated by itself.'
const fromPackage = 'This copy came as a package of the system, which updates it.'

/** electron-updater as a port. Loaded at the first look, so that a copy that never looks does not carry it. */
export function adaptUpdates(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): UpdatePort {
  const load = async () => (await import('electron-updater')).default.autoUpdater
  return {
    obstacle: obstacleOf(platform, environment),
    fetchNewer: async (onFound) => {
      const updater = await load()
      updater.autoDownload = false
      updater.autoInstallOnAppQuit = false
      updater.disableWebInstaller = true
      const result = await updater.checkForUpdates()
      if (result === null || !result.isUpdateAvailable) return undefined
      onFound(result.updateInfo.version)
      await updater.downloadUpdate()
      return result.updateInfo.version
    },
    install: () => void load().then((updater) => updater.quitAndInstall(false, true)),
  }
}

function obstacleOf(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string | undefined {
  if (!app.isPackaged) return fromSources
  return platform === 'linux' && environment['APPIMAGE'] === undefined ? fromPackage : undefined
}
