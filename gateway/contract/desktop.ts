import { type Static, Type } from 'typebox'

/** Which desktop notices are shown. */
export const NoticeSwitchesSchema = Type.Object(
  {
    /** A budget is used up to 80 %, and all of it. */
    budget: Type.Boolean(),
    /** A quota of a day or longer is used up. */
    quota: Type.Boolean(),
    /** A VPN that is needed was lost, and is back. */
    vpn: Type.Boolean(),
    /** A model is no longer listed by its provider. */
    model: Type.Boolean(),
  },
  { additionalProperties: false },
)

export type NoticeSwitches = Static<typeof NoticeSwitchesSchema>

/** What the desktop application remembers of the user's choices; in its own file, as a browser has none of this. */
export const DesktopSettingsSchema = Type.Object(
  {
    notices: NoticeSwitchesSchema,
    /** Colour of the tray icon where the colour of the panel cannot be known (Linux). */
    trayIcon: Type.Union([Type.Literal('light'), Type.Literal('dark')]),
    /** Looks for newer versions once a day. Off until it is switched on. */
    updates: Type.Boolean(),
  },
  { additionalProperties: false },
)

export type DesktopSettings = Static<typeof DesktopSettingsSchema>

/** A change of some settings. `openAtLogin` is kept by the system and not by us. */
export const DesktopChangeSchema = Type.Object(
  {
    openAtLogin: Type.Optional(Type.Boolean()),
    notices: Type.Optional(Type.Partial(NoticeSwitchesSchema, { additionalProperties: false })),
    trayIcon: Type.Optional(DesktopSettingsSchema.properties.trayIcon),
    updates: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

export type DesktopChange = Static<typeof DesktopChangeSchema>

/** Why the gateway does not run although it should. */
export type GatewayFailureCause = 'bad-config' | 'port-taken' | 'crash-loop'

/** The gateway's process as the desktop application sees it: known also while nothing answers at `/api`. */
export interface GatewayProcessView {
  readonly phase: 'stopped' | 'starting' | 'running' | 'waiting' | 'stopping' | 'failed'
  readonly cause: GatewayFailureCause | null
  /** Why it does not run; null while it does. */
  readonly message: string | null
  /** A free port to offer where its own is taken. */
  readonly offeredPort: number | null
}

export interface UpdateView {
  /** `unavailable`: this copy cannot be updated by itself (started from its sources, or by a package of the system). */
  readonly state: 'off' | 'unavailable' | 'idle' | 'checking' | 'downloading' | 'ready' | 'failed'
  /** The newer version, once one is known. */
  readonly version: string | null
  /** What went wrong, or why it is unavailable. */
  readonly message: string | null
}

/** All that the Settings page shows of the desktop. */
export interface DesktopView {
  readonly settings: DesktopSettings
  readonly openAtLogin: boolean
  /** Why it cannot be opened at login, or what is still to do for it; null = nothing. */
  readonly openAtLoginNote: string | null
  readonly gateway: GatewayProcessView
  readonly update: UpdateView
}

/** Folders and files that can be shown in the system's file manager. */
export type RevealTarget = 'config' | 'log'

/**
 * `window.signalbox` in the desktop application: only what a page cannot do by itself. Absent in a browser. Calls of
 * other frames than the main frame of one of our pages are not heard.
 */
export interface DesktopBridge {
  readonly platform: string
  /** Opens the dashboard window at a page given as its fragment (`#/activity`), or brings it to the front. */
  openDashboard(fragment?: string): void
  view(): Promise<DesktopView>
  /** Changes what is named and gives the state after it. Rejects with a sentence when the change is not one. */
  change(change: DesktopChange): Promise<DesktopView>
  /** Starts a gateway that does not run, on another port when one is given; that port is then kept in the config file. */
  startGateway(port?: number): void
  reveal(target: RevealTarget): void
  /** Installs a downloaded update and starts again. */
  installUpdate(): void
  quit(): void
}
