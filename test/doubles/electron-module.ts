import { fork } from 'node:child_process'
import { EventEmitter } from 'node:events'

/**
 * A module in place of `electron`, for the built main process in plain Node: it tells its parent in order what is done,
 * and does what the parent says. The gateway is a real process. It stands for the shape of the calls only; whether
 * Electron does with them what we think is for test/e2e.
 */
const tell = (step: string, detail?: unknown): void => void process.send?.({ step, detail })

let isReady = false
const ready = Promise.withResolvers<void>()

/** Emits an event that listeners may prevent. @returns whether one did */
function askAll(emitter: EventEmitter, name: string): boolean {
  let isPrevented = false
  emitter.emit(name, {
    preventDefault: () => {
      isPrevented = true
    },
  })
  return isPrevented
}

class App extends EventEmitter {
  readonly isPackaged = false
  readonly dock = undefined
  setName = (name: string) => tell('name', name)
  setPath = (name: string, path: string) => tell(`path ${name}`, path)
  setAppUserModelId = (): void => undefined
  setAsDefaultProtocolClient = () => tell('link client')
  getLoginItemSettings = () => ({ openAtLogin: false, wasOpenedAtLogin: false, status: 'not-registered' })
  enableSandbox = () => tell('sandbox', { beforeReady: !isReady })
  requestSingleInstanceLock = (data: object) => {
    tell('lock', data)
    return process.env['ELECTRON_DOUBLE_LOCK'] !== 'taken'
  }
  whenReady = () => ready.promise
  quit = () => {
    if (askAll(this, 'before-quit')) return
    // What was told must arrive before the end.
    process.send?.({ step: 'quit' }, undefined, {}, () => {
      process.disconnect()
      process.exit(0)
    })
  }
  exit = (code: number) => process.exit(code)
}
export const app = new App()

export const crashReporter = { start: (options: object) => tell('crash reporter', options) }
export const dialog = { showErrorBox: (title: string, text: string) => tell('error box', { title, text }) }
export const clipboard = { writeText: (text: string) => tell('copied', text) }
export const shell = {
  openExternal: (url: string) => tell('opened', url),
  showItemInFolder: (path: string) => tell('revealed', path),
}
export const nativeTheme = Object.assign(new EventEmitter(), {
  shouldUseDarkColors: false,
  shouldUseDarkColorsForSystemIntegratedUI: true,
})
export const powerMonitor = new EventEmitter()
const display = {
  bounds: { x: 0, y: 0, width: 1920, height: 1080 },
  workArea: { x: 0, y: 0, width: 1920, height: 1080 },
}
export const screen = {
  getCursorScreenPoint: () => ({ x: 0, y: 0 }),
  getDisplayNearestPoint: () => display,
  getAllDisplays: () => [display],
}
export const nativeImage = { createFromPath: (path: string) => ({ path }) }

interface MenuItem {
  readonly label?: string
  readonly click?: () => void
  readonly submenu?: readonly MenuItem[]
}
export class Menu extends EventEmitter {
  static setApplicationMenu = (): void => undefined
  static buildFromTemplate = (items: readonly MenuItem[]) => new Menu(items)
  readonly items: readonly MenuItem[]
  constructor(items: readonly MenuItem[]) {
    super()
    this.items = items
  }
}
let trayMenu: Menu | undefined
export class Tray extends EventEmitter {
  constructor({ path }: { path: string }) {
    super()
    tell('tray', path)
  }
  setIgnoreDoubleClickEvents = (): void => undefined
  setImage = ({ path }: { path: string }) => tell('tray image', path)
  setToolTip = (text: string) => tell('tooltip', text)
  setContextMenu = (menu: Menu) => {
    trayMenu = menu
    tell(
      'menu',
      menu.items.map(({ label }) => label ?? '-'),
    )
  }
  getBounds = () => display.bounds
  destroy = () => tell('tray gone')
}

class Contents extends EventEmitter {
  setWindowOpenHandler = (): void => undefined
  reload = () => tell('reload')
}
export class BrowserWindow extends EventEmitter {
  readonly webContents = new Contents()
  constructor(options: { webPreferences: object }) {
    super()
    tell('window', options.webPreferences)
    app.emit('web-contents-created', {}, this.webContents)
  }
  loadURL = (url: string) => Promise.resolve(tell('load', url))
  show = (): void => undefined
  hide = (): void => undefined
  focus = (): void => undefined
  isVisible = () => true
  setBounds = (): void => undefined
  getNormalBounds = () => ({ x: 1, y: 2, width: 900, height: 700 })
  isMaximized = () => false
  maximize = (): void => undefined
  destroy = () => {
    tell('window gone')
    this.emit('closed')
  }
}
export class Notification extends EventEmitter {
  static isSupported = () => true
  show = (): void => undefined
}

type Handler = (event: object, value: unknown) => unknown
const handlers = new Map<string, Handler>()
export const ipcMain = Object.assign(new EventEmitter(), {
  handle: (channel: string, handler: Handler) => handlers.set(channel, handler),
  removeHandler: (channel: string) => handlers.delete(channel),
})
export const session = {
  defaultSession: {
    setPermissionRequestHandler: () => tell('permission requests'),
    setPermissionCheckHandler: () => tell('permission checks'),
    setDevicePermissionHandler: () => tell('devices'),
    webRequest: { onBeforeRequest: () => tell('requests filtered') },
  },
}
let answer: ((request: Request) => Promise<Response>) | undefined
export const protocol = {
  registerSchemesAsPrivileged: (schemes: object) => tell('schemes', { schemes, beforeReady: !isReady }),
  handle: (scheme: string, handler: typeof answer) => {
    answer = handler
    tell('protocol', scheme)
  },
  unhandle: (scheme: string) => tell('protocol gone', scheme),
}
export const utilityProcess = {
  fork: (entry: string, flags: string[], { env }: { env: NodeJS.ProcessEnv }) => {
    tell('fork', flags)
    const child = fork(entry, flags, { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    return Object.assign(child, { postMessage: (message: object) => child.send(message) })
  },
}
export const contextBridge = undefined
export const ipcRenderer = undefined

/** What the test asks of the machine, the pages and the user. */
export type DoubleCommand =
  | { readonly do: 'ready' }
  | { readonly do: 'quit' }
  | { readonly do: 'fetch'; readonly url: string }
  | { readonly do: 'menu'; readonly label: string }
  /** `frame`: where the asking page is from. */
  | { readonly do: 'ask'; readonly channel: string; readonly value?: unknown; readonly frame: string }

async function obey(command: DoubleCommand): Promise<void> {
  switch (command.do) {
    case 'ready':
      isReady = true
      return ready.resolve()
    case 'quit':
      return app.quit()
    case 'fetch': {
      const got = await answer?.(new Request(command.url))
      return tell('fetched', { status: got?.status, text: await got?.text() })
    }
    case 'menu':
      return trayMenu?.items.find(({ label }) => label === command.label)?.click?.()
    case 'ask': {
      const event = { senderFrame: { url: command.frame, parent: null } }
      try {
        return tell('answered', await handlers.get(command.channel)?.(event, command.value))
      } catch (error) {
        return tell('refused', (error as Error).message)
      }
    }
  }
}
process.on('message', (command: DoubleCommand) => void obey(command))
