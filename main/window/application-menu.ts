import type { Menu, MenuItemConstructorOptions } from 'electron'

/**
 * The menu of the application. On macOS copy, paste and close work only through it; elsewhere there is none, as the
 * windows have no use for one.
 */
export function applicationMenu(
  platform: NodeJS.Platform,
  build: (template: MenuItemConstructorOptions[]) => Menu,
): Menu | null {
  return platform === 'darwin' ? build([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]) : null
}
