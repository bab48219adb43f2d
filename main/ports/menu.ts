import type { RouterView } from '../../gateway/contract/routers.ts'

export type SwitchPosition = RouterView['position']

/** What choosing an entry does. Data, so that a menu can be compared and tested; the controller carries it out. */
export type TrayAction =
  /** `page` as a fragment; without one the page that is open. */
  | { readonly type: 'open-dashboard'; readonly page?: string }
  | { readonly type: 'copy-endpoint'; readonly url: string }
  | { readonly type: 'set-switch'; readonly router: string; readonly position: SwitchPosition }
  /** `port` takes the place of the one that is taken. */
  | { readonly type: 'start-gateway'; readonly port?: number }
  | { readonly type: 'stop-gateway' }
  /** It goes on running and refuses requests. */
  | { readonly type: 'pause-gateway' }
  | { readonly type: 'resume-gateway' }
  | { readonly type: 'restart-gateway' }
  | { readonly type: 'quit' }

export type MenuEntry =
  | { readonly kind: 'separator' }
  /** Information, not a command. */
  | { readonly kind: 'line'; readonly label: string }
  | { readonly kind: 'command'; readonly label: string; readonly action: TrayAction }
  | { readonly kind: 'choice'; readonly label: string; readonly chosen: boolean; readonly action: TrayAction }
  | { readonly kind: 'submenu'; readonly label: string; readonly entries: readonly MenuEntry[] }
