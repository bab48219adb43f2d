import type { Tier } from '../contract.ts'

export type ShownTier = Tier | 'DIRECT'

/** The path of each tier's shape on a 10 × 10 grid. */
export const tierPaths: Record<ShownTier, string> = {
  SIMPLE: 'M.8 5a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0 -8.4 0Z',
  MEDIUM: 'M2 1h6a1 1 0 0 1 1 1v6a1 1 0 0 1 -1 1h-6a1 1 0 0 1 -1 -1v-6a1 1 0 0 1 1 -1Z',
  COMPLEX: 'M5 0 10 5 5 10 0 5Z',
  REASONING: 'M5 .3 10 9.4H0Z',
  DIRECT: 'M1 4h8v2H1Z',
}

export interface TierShapeProps {
  readonly tier: ShownTier
  readonly size?: number
  /** Words for a shape that stands alone; without them it is decoration. */
  readonly label?: string
}

/** A tier's shape in its colour. */
export function TierShape({ tier, size = 10, label }: TierShapeProps) {
  const naming = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label }
  return (
    <svg className={`tier-shape tier-${tier.toLowerCase()}`} viewBox="0 0 10 10" width={size} height={size} {...naming}>
      <path d={tierPaths[tier]} />
    </svg>
  )
}
