import type { RouterView } from '../../gateway/contract/routers.ts'

export type SwitchPosition = RouterView['position']

/** What choosing an entry does. Data, so that a menu can be compared and tested; the controller carries it out. */
export type TrayAction =
  | { readonly type: 'open-dashboard' }
  | { readonly type: 'copy-endpoint'; readonly url: string }
  | { readonly type: 'set-switch'; readonly router: string; readonly position: SwitchPosition }
  | { readonly type: 'start-gateway' }
  | { readonly type: 'pause-gateway' }
  | { readonly type: 'restart-gateway' }
  | { readonly type: 'quit' }

export type MenuEntry =
  | { readonly kind: 'separator' }
  /** Information, not a command. */
  | { readonly kind: 'line'; readonly label: string }
  | { readonly kind: 'command'; readonly label: string; readonly action: TrayAction }
  | { readonly kind: 'choice'; readonly label: string; readonly chosen: boolean; readonly action: TrayAction }
  | { readonly kind: 'submenu'; readonly label: string; readonly entries: readonly MenuEntry[] }
