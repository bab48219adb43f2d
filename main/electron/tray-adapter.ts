import { join } from 'node:path'
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron'
import type { MenuEntry, TrayAction } from '../ports/menu.ts'
import type { CreateTray, TrayListeners } from '../ports/electron-ports.ts'

export interface TrayAdapterOptions {
  readonly platform: NodeJS.Platform
  /** Folder of the icons. */
  readonly iconsDirectory: string
}

/**
 * The system tray. On Linux the desktop owns the menu, so it is handed over; elsewhere that would make the menu take
 * the left click from the panel, so it is opened here, on the right click.
 */
export function adaptTray({ platform, iconsDirectory }: TrayAdapterOptions): CreateTray {
  const image = (file: string) => nativeImage.createFromPath(join(iconsDirectory, file))
  const ownsMenu = platform !== 'linux'
  return (iconFile, listeners) => {
    const tray = new Tray(image(iconFile))
    let menu = Menu.buildFromTemplate([])
    tray.setIgnoreDoubleClickEvents(true)
    tray.on('click', listeners.click)
    if (ownsMenu) tray.on('right-click', () => tray.popUpContextMenu(menu))
    return {
      setIcon: (file) => tray.setImage(image(file)),
      setTooltip: (text) => tray.setToolTip(text),
      setMenu: (entries) => {
        menu = buildMenu(entries, listeners)
        if (!ownsMenu) tray.setContextMenu(menu)
      },
      bounds: () => (ownsMenu ? tray.getBounds() : undefined),
      destroy: () => tray.destroy(),
    }
  }
}

function buildMenu(entries: readonly MenuEntry[], listeners: TrayListeners): Menu {
  const menu = Menu.buildFromTemplate(entries.map((entry) => menuItem(entry, listeners.action)))
  menu.on('menu-will-show', () => listeners.menuOpen(true))
  menu.on('menu-will-close', () => listeners.menuOpen(false))
  return menu
}

function menuItem(entry: MenuEntry, act: (action: TrayAction) => void): MenuItemConstructorOptions {
  switch (entry.kind) {
    case 'separator':
      return { type: 'separator' }
    case 'line':
      return { label: entry.label, enabled: false }
    case 'command':
      return { label: entry.label, click: () => act(entry.action) }
    case 'choice':
      return { type: 'radio', label: entry.label, checked: entry.chosen, click: () => act(entry.action) }
    case 'submenu':
      return { label: entry.label, submenu: entry.entries.map((inner) => menuItem(inner, act)) }
  }
}
