import type { FieldSpan } from '../model/json-fields.ts'
import type { ProviderRegistry } from '../providers/registry.ts'
import type { Plan } from '../routing/plan-types.ts'

/** A request whose tokens are asked for, planned as if it were to be answered. */
export interface CountRequest {
  readonly plan: Plan
  readonly body: Buffer
  readonly fields: ReadonlyMap<string, FieldSpan>
  readonly dialectHeaders: Readonly<Record<string, string>>
}

export type TokenCounter = (request: CountRequest) => Promise<number | undefined>

/** Asks the model that would answer for its own count; undefined where its API has none or gives none. */
export function createTokenCounter(providers: ProviderRegistry): TokenCounter {
  return async ({ plan, body, fields, dialectHeaders }) => {
    const first = plan.candidates[0]
    if (first === undefined) return undefined
    const { deployment, defaults } = first
    const wire = [deployment, ...deployment.alternatives].find(
      (each) => providers[each.adapter].countTokens !== undefined,
    )
    if (wire === undefined) return undefined
    const call = { deployment: wire, body, fields, stream: false, defaults, dialectHeaders }
    return providers[wire.adapter].countTokens?.(call)
  }
}
