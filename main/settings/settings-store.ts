import type { DesktopChange, DesktopSettings } from '../../gateway/contract/desktop.ts'
import { changeSettings, readSettings } from './desktop-settings.ts'
import type { StateFile } from './state-file.ts'

export interface SettingsStore {
  current(): DesktopSettings
  /** Writes first and changes then. @throws Error with a sentence when the file cannot be written */
  change(change: DesktopChange): void
}

/** The settings in use; the file is read once, because nobody else writes it. */
export function openSettings(file: StateFile): SettingsStore {
  let settings = readSettings(file.read())
  return {
    current: () => settings,
    change(change) {
      const next = changeSettings(settings, change)
      try {
        file.write(`${JSON.stringify(next, undefined, 2)}\n`)
      } catch (error) {
        throw new Error(`The setting could not be kept: ${(error as Error).message}`, { cause: error })
      }
      settings = next
    },
  }
}
