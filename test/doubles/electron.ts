import type * as Electron from 'electron'
import type { GatewayProcessCommand } from '../../gateway/contract/process-messages.ts'
import type { ElectronPorts, TrayListeners, WindowKind, WindowListeners } from '../../main/ports/electron-ports.ts'
import type { ForkGateway, GatewayChildListeners } from '../../main/gateway/gateway-child.ts'
import type { PagePort } from '../../main/security/session-policy.ts'
import type { MenuEntry } from '../../main/ports/menu.ts'
import type { Rectangle } from '../../main/ports/geometry.ts'
import type { StateFile } from '../../main/settings/state-file.ts'
import type { Logger, LogFields } from '../../main/logger.ts'

/** Breaks the type check when Electron moves what the adapters stand on. Types only: nothing of Electron is loaded. */
export const pinnedSurface = (real: typeof Electron) =>
  ({
    app: real.app,
    protocol: real.protocol,
    utilityProcess: real.utilityProcess,
  }) satisfies {
    app: Pick<Electron.App, 'quit' | 'requestSingleInstanceLock' | 'enableSandbox' | 'setPath'>
    protocol: Pick<Electron.Protocol, 'handle' | 'registerSchemesAsPrivileged'>
    utilityProcess: { fork(path: string, flags?: string[], options?: Electron.ForkOptions): Electron.UtilityProcess }
  }

/** A set of listeners that a test can call. */
function listenerSet<Listener extends (...values: never[]) => unknown>() {
  const listeners = new Set<Listener>()
  const add = (listener: Listener) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }
  return { listeners, add }
}

export interface ChildDouble {
  readonly sent: GatewayProcessCommand[]
  killed: boolean
  /** Whether it obeys `stop` by itself. */
  obedient: boolean
  say(message: unknown): void
  exit(code: number | null): void
}

/** Gateway processes as a test scripts them. */
export function createForkDouble() {
  const children: ChildDouble[] = []
  const state = { obedient: true, failWith: undefined as Error | undefined }
  const fork: ForkGateway = (listeners: GatewayChildListeners) => {
    if (state.failWith !== undefined) throw state.failWith
    const child: ChildDouble = {
      sent: [],
      killed: false,
      obedient: state.obedient,
      say: listeners.message,
      exit: listeners.exit,
    }
    children.push(child)
    return {
      send: (command) => {
        child.sent.push(command)
        if (child.obedient) queueMicrotask(() => child.exit(0))
      },
      kill: () => {
        child.killed = true
        queueMicrotask(() => child.exit(null))
      },
    }
  }
  return { fork, children, state, last: () => children.at(-1) as ChildDouble }
}

export interface WindowDouble {
  readonly kind: WindowKind
  readonly listeners: WindowListeners
  readonly loaded: string[]
  visible: boolean
  destroyed: boolean
  reloads: number
  bounds: Rectangle | undefined
  maximised: boolean
}

/** The desktop as a test sees and moves it. */
export function createElectronDouble() {
  const beforeQuit = listenerSet<() => boolean>()
  const secondInstance = listenerSet<(data: unknown) => void>()
  const activate = listenerSet<() => void>()
  const calls = new Map<string, (value: unknown) => unknown>()
  const loginItem = { on: false, awaitsApproval: false }
  const notices: { title: string; body: string; click: () => void }[] = []
  const updates = { obstacle: undefined as string | undefined, newer: undefined as string | undefined, installs: 0 }
  const suspend = listenerSet<() => void>()
  const resume = listenerSet<() => void>()
  const shutdown = listenerSet<() => void>()
  const pages = listenerSet<(page: PagePort) => void>()
  const theme = listenerSet<() => void>()
  const windows: WindowDouble[] = []
  const gateway = createForkDouble()
  const seen = {
    /** In order: what the app did, as words. */
    steps: [] as string[],
    quits: 0,
    exitCode: undefined as number | undefined,
    lock: true,
    icon: '',
    tooltip: '',
    menu: [] as readonly MenuEntry[],
    trayListeners: undefined as TrayListeners | undefined,
    trayDestroyed: false,
    trayBounds: undefined as Rectangle | undefined,
    pointer: { x: 0, y: 0 },
    copied: [] as string[],
    opened: [] as string[],
    errors: [] as string[],
    revealed: [] as string[],
    answer: undefined as ((request: Request) => Promise<Response>) | undefined,
    permission: undefined as ((permission: string, url: string) => boolean) | undefined,
    request: undefined as ((url: string) => boolean) | undefined,
    inDock: false,
  }
  const display = { x: 0, y: 0, width: 1920, height: 1080 }

  function addCall(channel: string, listener: (value: unknown) => unknown) {
    calls.set(channel, listener)
    return () => {
      calls.delete(channel)
    }
  }

  const ports: ElectronPorts = {
    app: {
      // As Electron does: ask every listener, end only when none holds.
      quit: () => {
        const held = [...beforeQuit.listeners].map((hold) => hold())
        if (!held.includes(true)) seen.quits += 1
      },
      exit: (code) => {
        seen.exitCode = code
      },
      requestLock: () => seen.lock,
      onSecondInstance: secondInstance.add,
      onBeforeQuit: beforeQuit.add,
      onWindowAllClosed: () => () => undefined,
      onActivate: activate.add,
      onChildGone: () => () => undefined,
      onPage: pages.add,
      showInDock: (shown) => {
        seen.inDock = shown
      },
    },
    session: {
      onPermission: (decide) => {
        seen.steps.push('permissions')
        seen.permission = decide
      },
      denyDevices: () => undefined,
      onRequest: (decide) => {
        seen.request = decide
      },
    },
    protocol: {
      handle: (answer) => {
        seen.steps.push('protocol')
        seen.answer = answer
        return () => {
          seen.steps.push('protocol released')
          seen.answer = undefined
        }
      },
    },
    createTray: (icon, listeners) => {
      seen.steps.push('tray')
      seen.icon = icon
      seen.trayListeners = listeners
      return {
        setIcon: (file) => {
          seen.icon = file
        },
        setTooltip: (text) => {
          seen.tooltip = text
        },
        setMenu: (entries) => {
          seen.menu = entries
        },
        bounds: () => seen.trayBounds,
        destroy: () => {
          seen.steps.push('tray destroyed')
          seen.trayDestroyed = true
        },
      }
    },
    createWindow: (kind, listeners, bounds) => {
      seen.steps.push(`window ${kind}`)
      const window: WindowDouble = {
        kind,
        listeners,
        loaded: [],
        visible: false,
        destroyed: false,
        reloads: 0,
        bounds,
        maximised: false,
      }
      windows.push(window)
      return {
        show: () => {
          window.visible = true
        },
        hide: () => {
          window.visible = false
        },
        focus: () => undefined,
        isVisible: () => window.visible,
        setBounds: (wanted) => {
          window.bounds = wanted
        },
        place: () => ({
          bounds: window.bounds ?? { x: 40, y: 30, width: 1280, height: 820 },
          maximised: window.maximised,
        }),
        maximise: () => {
          window.maximised = true
        },
        load: (url) => {
          window.loaded.push(url)
          return Promise.resolve()
        },
        reload: () => {
          window.reloads += 1
        },
        destroy: () => {
          seen.steps.push(`window ${kind} destroyed`)
          window.destroyed = true
          listeners.closed()
        },
      }
    },
    screen: {
      pointer: () => seen.pointer,
      displayAt: () => ({ bounds: display, workArea: display }),
      workAreas: () => [display],
    },
    theme: { isTaskbarDark: () => true, onChange: theme.add },
    power: { onSuspend: suspend.add, onResume: resume.add, onShutdown: shutdown.add },
    desktop: {
      openExternal: (url) => void seen.opened.push(url),
      copyText: (text) => void seen.copied.push(text),
      showError: (title) => void seen.errors.push(title),
      reveal: (path) => void seen.revealed.push(path),
    },
    calls: { hear: addCall, answer: addCall },
    notices: {
      isPossible: () => true,
      show: ({ title, body }, click) => void notices.push({ title, body, click }),
    },
    loginItem: {
      read: () => ({ ...loginItem }),
      write: (on) => {
        loginItem.on = on
      },
    },
    updates: {
      get obstacle() {
        return updates.obstacle
      },
      fetchNewer: (onFound) => {
        if (updates.newer !== undefined) onFound(updates.newer)
        return Promise.resolve(updates.newer)
      },
      install: () => {
        updates.installs += 1
      },
    },
    forkGateway: (listeners, port) => {
      seen.steps.push(port === undefined ? 'fork' : `fork on ${port}`)
      return gateway.fork(listeners)
    },
  }
  const fire = (set: { listeners: Set<() => unknown> }) => {
    for (const listener of set.listeners) listener()
  }
  /** What a page sends; the answer of a channel that has one. */
  const call = (channel: string, value?: unknown): unknown => calls.get(channel)?.(value)
  return {
    ports,
    seen,
    windows,
    gateway,
    notices,
    loginItem,
    updates,
    call,
    secondInstance: (data?: unknown) => {
      for (const listener of secondInstance.listeners) listener(data)
    },
    resume: () => fire(resume),
    shutdown: () => fire(shutdown),
    suspend: () => fire(suspend),
    page: (page: PagePort) => {
      for (const listener of pages.listeners) listener(page)
    },
    /** Listeners left behind: zero when all was released. */
    listenersLeft: () =>
      [secondInstance, activate, suspend, resume, shutdown, pages, theme].reduce(
        (sum, { listeners }) => sum + listeners.size,
        calls.size,
      ),
  }
}

/** A logger that keeps its lines for the test. */
export function createLoggerDouble() {
  const lines: { level: string; event: string; fields: LogFields }[] = []
  const add = (level: string) => (event: string, fields: LogFields) => {
    lines.push({ level, event, fields })
  }
  const logger: Logger = { info: add('info'), warn: add('warn'), error: add('error') }
  return { logger, lines }
}

/** A file of the desktop's own that lies in memory. */
export function createStateFileDouble(text?: string) {
  const file = { text, broken: false }
  return {
    file,
    port: {
      read: () => file.text,
      write: (next: string) => {
        if (file.broken) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
        file.text = next
      },
    } satisfies StateFile,
  }
}
