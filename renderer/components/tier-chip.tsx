import type { Tier } from '../contract.ts'
import { strings } from '../strings.ts'
import { TierShape } from './tier-shape.tsx'

/** The tier as shape and word; no tier means that no router decided. */
export function TierChip({ tier }: { readonly tier: Tier | null }) {
  const shown = tier ?? 'DIRECT'
  return (
    <span className={`tier-chip tier-${shown.toLowerCase()}`}>
      <TierShape tier={shown} />
      {tier ?? strings.requests.direct}
    </span>
  )
}
