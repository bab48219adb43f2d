import type { ForkGateway } from '../gateway/gateway-child.ts'
import type { PagePort, SessionPort } from '../security/session-policy.ts'
import type { UpdatePort } from '../updates/update-port.ts'
import type { Point, Rectangle } from './geometry.ts'
import type { MenuEntry, TrayAction } from './menu.ts'

/** Removes a listener. */
export type Unsubscribe = () => void

/** The application object: lifecycle and single instance. */
export interface AppPort {
  quit(): void
  /** Ends at once, without the quit sequence. */
  exit(code: number): void
  requestLock(data: { readonly arguments: readonly string[] }): boolean
  /** The listener gets what the second copy left with the lock. */
  onSecondInstance(listener: (data: unknown) => void): Unsubscribe
  /** The listener answers whether the quit must wait; the app then calls `quit` again when it is ready. */
  onBeforeQuit(hold: () => boolean): Unsubscribe
  onWindowAllClosed(listener: () => void): Unsubscribe
  /** The dock icon on macOS was clicked. */
  onActivate(listener: () => void): Unsubscribe
  onChildGone(listener: (details: { kind: string; reason: string; service: string }) => void): Unsubscribe
  onPage(listener: (page: PagePort) => void): Unsubscribe
  /** Shows the app in the macOS dock while a dashboard is open. Nothing elsewhere. */
  showInDock(shown: boolean): void
}

/** Opening at login, as the system keeps it. */
export interface LoginItemPort {
  /** `awaitsApproval`: it is registered, and the user has to allow it in the system's settings. */
  read(): { readonly on: boolean; readonly awaitsApproval: boolean }
  /** @throws what the system says */
  write(on: boolean): void
}

/** A notice of the desktop as it is shown. */
export interface DesktopNotice {
  readonly title: string
  readonly body: string
}

export interface NoticePort {
  /** False where the system has none. */
  isPossible(): boolean
  show(notice: DesktopNotice, onClick: () => void): void
}

export interface TrayListeners {
  readonly click: () => void
  readonly action: (action: TrayAction) => void
  readonly menuOpen: (open: boolean) => void
}

export interface TrayPort {
  setIcon(file: string): void
  setTooltip(text: string): void
  /** The menu of the next opening. On Linux it replaces what the desktop shows at once. */
  setMenu(entries: readonly MenuEntry[]): void
  bounds(): Rectangle | undefined
  destroy(): void
}

export type CreateTray = (iconFile: string, listeners: TrayListeners) => TrayPort

export interface WindowListeners {
  readonly closed: () => void
  readonly blurred: () => void
  /** The page's process died; `reason` is Electron's word. */
  readonly gone: (reason: string) => void
  /** It was moved, resized, maximised or restored. */
  readonly moved: () => void
  /** Windows ends the session: nothing else tells of it there. */
  readonly sessionEnd: () => void
}

export interface WindowPort {
  show(): void
  hide(): void
  focus(): void
  isVisible(): boolean
  setBounds(bounds: Rectangle): void
  /** Where it is when it is not maximised, and whether it is. */
  place(): { readonly bounds: Rectangle; readonly maximised: boolean }
  maximise(): void
  load(url: string): Promise<void>
  reload(): void
  destroy(): void
}

export type WindowKind = 'dashboard' | 'panel'

/** `bounds` undefined = the system chooses the place, and the kind the size. */
export type CreateWindow = (kind: WindowKind, listeners: WindowListeners, bounds?: Rectangle) => WindowPort

export interface ScreenPort {
  pointer(): Point
  /** The display nearest to a point: all of it, and its work area. */
  displayAt(point: Point): {
    readonly bounds: Rectangle
    readonly workArea: Rectangle
  }
  /** The work areas of all displays. */
  workAreas(): readonly Rectangle[]
}

export interface ThemePort {
  /** Of the taskbar, not of the windows. */
  isTaskbarDark(): boolean
  onChange(listener: () => void): Unsubscribe
}

export interface PowerPort {
  onSuspend(listener: () => void): Unsubscribe
  onResume(listener: () => void): Unsubscribe
  /** The machine shuts down or the user logs off. */
  onShutdown(listener: () => void): Unsubscribe
}

export interface DesktopPort {
  openExternal(url: string): void
  copyText(text: string): void
  showError(title: string, text: string): void
  /** Shows a file or folder in the system's file manager. */
  reveal(path: string): void
}

/**
 * Calls from the preload script: only those of the main frame of one of our pages arrive. The value is whatever the page
 * sent.
 */
export interface CallsPort {
  hear(channel: string, listener: (value: unknown) => void): Unsubscribe
  /** What the listener gives goes back to the page; what it throws rejects there with its message. */
  answer(channel: string, listener: (value: unknown) => unknown): Unsubscribe
}

export interface ProtocolPort {
  /** Serves a scheme that was registered before the app was ready. */
  handle(answer: (request: Request) => Promise<Response>): Unsubscribe
}

/** Everything of Electron that the app uses. */
export interface ElectronPorts {
  readonly app: AppPort
  readonly session: SessionPort
  readonly protocol: ProtocolPort
  readonly createTray: CreateTray
  readonly createWindow: CreateWindow
  readonly screen: ScreenPort
  readonly theme: ThemePort
  readonly power: PowerPort
  readonly desktop: DesktopPort
  readonly calls: CallsPort
  readonly notices: NoticePort
  readonly loginItem: LoginItemPort
  readonly updates: UpdatePort
  readonly forkGateway: ForkGateway
}
