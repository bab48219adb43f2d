import type { KeySettings } from '../../model/key-settings.ts'
import type { RequestFacts } from '../../model/request-facts.ts'

/** The facts of a request as its key makes them: the key's aliases of models, and its tags beside the request's own. Pure. */
export function keyedFacts(facts: RequestFacts, { aliases, tags }: KeySettings): RequestFacts {
  const actual = Object.hasOwn(aliases, facts.model) ? aliases[facts.model] : undefined
  if (actual === undefined && tags.length === 0) return facts
  return {
    ...facts,
    ...(actual === undefined ? {} : { model: actual }),
    tags: tags.length === 0 ? facts.tags : [...new Set([...facts.tags, ...tags])],
  }
}
