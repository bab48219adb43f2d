import type { MatchLogic, ModelInfo, Provider } from '@pydantic/genai-prices'
import { isWrongEntry } from './catalogue-providers.ts'

/**
 * The catalogue's models of one provider by exact id, in lower case. The catalogue itself also matches by prefix,
 * substring and pattern, which gives an unknown model the price of one with a similar name (`claude-opus-4-10` that of
 * `claude-opus-4-1`); here only ids it spells out count: a clause `equals`, alone or as one of several alternatives,
 * or the entry's own id.
 */
export function indexByExactId(provider: Provider): ReadonlyMap<string, ModelInfo> {
  const index = new Map<string, ModelInfo>()
  const addUnlessTaken = (id: string, model: ModelInfo): void => {
    const key = id.toLowerCase()
    if (!index.has(key) && !isMovingAlias(key, model) && !isWrongEntry(provider.id, key)) index.set(key, model)
  }
  for (const model of provider.models) addUnlessTaken(model.id, model)
  for (const model of provider.models) {
    for (const id of spelledOutIds(model.match)) addUnlessTaken(id, model)
  }
  return index
}

function spelledOutIds(match: MatchLogic): readonly string[] {
  if ('equals' in match) return [match.equals]
  if ('or' in match) return match.or.flatMap(spelledOutIds)
  return []
}

/**
 * `…-latest` listed under another entry: the provider moves it to its newest model, the catalogue's figure stays behind.
 * An entry of that very name is kept: its price is the alias's own.
 */
function isMovingAlias(id: string, model: ModelInfo): boolean {
  return id.endsWith('-latest') && model.id.toLowerCase() !== id
}
