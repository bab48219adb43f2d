import type { RouterDefinition } from '../config/gateway-config.ts'
import { GatewayError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { Tier } from '../model/tier.ts'
import { rescore } from '../routing/features.ts'
import { chooseTier } from '../routing/tier-choice.ts'

/** The tier that stored features have under a router's settings; undefined where they are of another version or damaged. */
export type DecideAgain = (features: JsonObject) => Tier | undefined

/**
 * Words that the edit takes out of a list do not count any more. Words that it adds cannot be found: features hold the
 * listed words that fired, and no text.
 */
export function decideWith(router: RouterDefinition, removed: RemovedWords): DecideAgain {
  return (features) => {
    try {
      return chooseTier(router, rescore(withoutWords(features, removed), router).tier).tier
    } catch (thrown) {
      if (thrown instanceof GatewayError) return undefined
      throw thrown
    }
  }
}

/** By the list's name among the features. */
export type RemovedWords = Readonly<Partial<Record<ListName, ReadonlySet<string>>>>

export const listNames = ['code', 'reasoning', 'technical', 'simple'] as const

export type ListName = (typeof listNames)[number]

function withoutWords(features: JsonObject, removed: RemovedWords): JsonObject {
  let next = features
  for (const name of listNames) {
    const gone = removed[name]
    const hits = features[name]
    if (gone === undefined || typeof hits !== 'object' || hits === null || Array.isArray(hits)) continue
    const { words, count } = hits
    if (!Array.isArray(words) || typeof count !== 'number') continue
    const left = words.filter((word) => typeof word !== 'string' || !gone.has(word))
    next = { ...next, [name]: { count: count - (words.length - left.length), words: left } }
  }
  return next
}
