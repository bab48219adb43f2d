import envPaths from 'env-paths'
import type { PlatformDirectories } from './paths.ts'

/** XDG directories on Linux, Application Support on macOS, APPDATA and LOCALAPPDATA on Windows. */
export function platformDirectories(): PlatformDirectories {
  const { config, data } = envPaths('signalbox', { suffix: '' })
  // macOS keeps property lists in Preferences; files a person edits belong to Application Support.
  return { config: process.platform === 'darwin' ? data : config, data }
}
