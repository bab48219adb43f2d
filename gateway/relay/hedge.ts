import type { CarrySettings } from './carrier-dependencies.ts'
import type { RelayRequest } from './relay-request.ts'

/**
 * How long a first token may take before the next candidate starts beside the first, in ms; undefined = for ever. Two
 * models that are asked to act might both be taken at their word, so tools need the owner's leave; and what is not a
 * conversation may cost by the piece. Pure.
 */
export function hedgeDelay(
  { plan, facts, endpoint }: RelayRequest,
  { signalbox }: Pick<CarrySettings, 'signalbox'>,
): number | undefined {
  if (plan.failFast || endpoint !== undefined) return undefined
  return facts.toolCount > 0 && !signalbox.hedgeTools ? undefined : signalbox.hedgeAfterMs
}
