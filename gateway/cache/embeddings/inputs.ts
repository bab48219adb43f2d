import type { JsonObject, JsonValue } from '../../model/json.ts'

/** More than any API takes in one request. */
const mostInputs = 4096

/**
 * The inputs of an embeddings request, each of which has an answer of its own: texts, or lists of token ids. Undefined for
 * a body that is not understood: it is not kept by input.
 */
export function readInputs({ input }: JsonObject): readonly JsonValue[] | undefined {
  if (typeof input === 'string') return [input]
  if (!Array.isArray(input) || input.length === 0 || input.length > mostInputs) return undefined
  if (input.every((item) => typeof item === 'number')) return [input]
  if (input.every((item) => typeof item === 'string') || input.every((item) => Array.isArray(item))) return input
  return undefined
}

/** Divides tokens that were reported for several inputs by the inputs' lengths; the parts add up to the whole. */
export function shareTokens(total: number, inputs: readonly JsonValue[]): number[] {
  const weights = inputs.map((input) => 1 + (typeof input === 'string' || Array.isArray(input) ? input.length : 0))
  let weightLeft = weights.reduce((sum, weight) => sum + weight, 0)
  let left = total
  return weights.map((weight) => {
    const share = Math.round((left * weight) / weightLeft)
    weightLeft -= weight
    left -= share
    return share
  })
}
