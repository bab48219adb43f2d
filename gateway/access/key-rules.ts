import { parseBudgetDuration, unitMs } from '../model/budget-duration.ts'
import type { KeyRules } from '../config/budget-settings.ts'
import { GatewayError } from '../model/errors.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'

export interface KeyRuleOptions {
  /** A change of a key that exists: nothing is filled in, and null would take a limit away. */
  readonly isChange: boolean
  /** How the caller spells a field, for messages. */
  readonly spelling?: (field: string) => string
}

/**
 * The fields of a key under the rules of the configuration, in LiteLLM's names: what a new key leaves out is the default, or
 * else the most that is allowed, and nothing is above that (litellm-compat §5.1). Values that make no sense stay for others
 * to refuse. Pure.
 * @throws GatewayError `invalid_field` for a value above what the configuration allows
 */
export function underKeyRules(body: JsonObject, { defaults, most }: KeyRules, options: KeyRuleOptions): JsonObject {
  const given = Object.entries(body).filter(([, value]) => value !== null)
  const fields: JsonObject = options.isChange ? { ...body } : { ...most, ...defaults, ...Object.fromEntries(given) }
  for (const [field, limit] of Object.entries(most)) {
    const value = fields[field]
    if (value === undefined || (value !== null && !isAbove(value, limit))) continue
    const name = options.spelling?.(field) ?? field
    const seen = value === null ? 'no limit' : JSON.stringify(value)
    throw new GatewayError(
      'invalid_field',
      `${name} is ${seen}; the configuration allows at most ${JSON.stringify(limit)} (litellm_settings.upperbound_key_generate_params).`,
      { param: name },
    )
  }
  return fields
}

function isAbove(value: JsonValue, limit: JsonValue): boolean {
  if (typeof value === 'number' && typeof limit === 'number') return value > limit
  const [length, longest] = [lengthOf(value), lengthOf(limit)]
  return length !== undefined && longest !== undefined && length > longest
}

/** About how long a duration is, in ms; undefined for what is none. */
function lengthOf(value: JsonValue): number | undefined {
  const duration = typeof value === 'string' ? parseBudgetDuration(value) : undefined
  return duration === undefined ? undefined : duration.count * unitMs[duration.unit]
}
