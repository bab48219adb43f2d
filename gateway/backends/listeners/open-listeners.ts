import { createMacListeners, createWindowsListeners } from './command-listeners.ts'
import { createLinuxListeners } from './linux-listeners.ts'
import type { ListenerSource } from './listener.ts'

/** How this machine tells who listens; undefined where it is not known how to ask. */
export function openListeners(platform: NodeJS.Platform): ListenerSource | undefined {
  if (platform === 'linux') return createLinuxListeners()
  if (platform === 'darwin') return createMacListeners()
  return platform === 'win32' ? createWindowsListeners() : undefined
}
