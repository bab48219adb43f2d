import type { DesktopChange, DesktopView, GatewayProcessView } from '../../gateway/contract/desktop.ts'

export const runningProcess: GatewayProcessView = { phase: 'running', cause: null, message: null, offeredPort: null }

export const takenPort: GatewayProcessView = {
  phase: 'failed',
  cause: 'port-taken',
  message: 'Port 4000 is held by LiteLLM (process 2210).',
  offeredPort: 4001,
}

export const desktopView: DesktopView = {
  settings: {
    notices: { budget: true, quota: true, vpn: true, model: true },
    trayIcon: 'light',
    updates: false,
  },
  openAtLogin: false,
  openAtLoginNote: null,
  gateway: runningProcess,
  update: { state: 'off', version: null, message: null },
}

/** Runs in the page before its own code: the bridge of a desktop application that notes what it is told. */
export function scriptDesktop(first: DesktopView): void {
  let view = first
  const desktopCalls: unknown[] = []
  const signalbox = {
    platform: 'linux',
    openDashboard: () => undefined,
    view: () => Promise.resolve(view),
    change: (change: DesktopChange) => {
      desktopCalls.push(change)
      const notices = { ...view.settings.notices, ...change.notices }
      const updates = change.updates ?? view.settings.updates
      view = {
        ...view,
        settings: { ...view.settings, notices, updates },
        openAtLogin: change.openAtLogin ?? view.openAtLogin,
        openAtLoginNote: change.openAtLogin === true ? 'Allow it in the system’s settings.' : view.openAtLoginNote,
        update: { ...view.update, state: updates ? 'idle' : 'off' },
      }
      return Promise.resolve(view)
    },
    startGateway: (port?: number) => desktopCalls.push({ startGateway: port }),
    reveal: (target: string) => desktopCalls.push({ reveal: target }),
    installUpdate: () => undefined,
    quit: () => undefined,
  }
  Object.assign(window, { signalbox, desktopCalls })
}
