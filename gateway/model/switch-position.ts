import type { Tier } from './tier.ts'

/** Where a router's switch stands. `off` removes the router from the model list and refuses its requests. */
export type SwitchPosition =
  | { readonly mode: 'auto' }
  | { readonly mode: 'pinned'; readonly tier: Tier }
  | { readonly mode: 'off' }

export const autoPosition: SwitchPosition = { mode: 'auto' }
