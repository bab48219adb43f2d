/** The four tiers of a complexity router, cheapest first. The order is the order of "up". */
export const tiers = ['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'] as const

export type Tier = (typeof tiers)[number]

/** True for the four tier words; used where a tier comes from a file or a request. */
export function isTier(value: unknown): value is Tier {
  return typeof value === 'string' && (tiers as readonly string[]).includes(value)
}
