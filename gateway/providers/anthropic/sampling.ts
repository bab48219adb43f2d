import type { JsonObject } from '../../model/json.ts'
import type { ModelRequest } from '../../model/model-request.ts'
import type { ModelTraits } from './model-traits.ts'

/** The first API version that takes no sampling fields from any model. */
const versionWithoutSampling = '2026-10-21'

export interface Sampling {
  readonly fields: JsonObject
  readonly warnings: readonly string[]
}

/** The sampling fields that this model takes under this API version while it thinks or not. */
export function planSampling(
  request: ModelRequest,
  traits: ModelTraits,
  options: { readonly isThinking: boolean; readonly apiVersion: string },
): Sampling {
  const { temperature, topP, topK } = request
  if (!traits.sampling || options.isThinking || options.apiVersion >= versionWithoutSampling) {
    const why = options.isThinking && traits.sampling ? 'not taken while thinking' : 'the model takes none'
    // 1 is what the model does anyway.
    const sent = [temperature === 1 ? undefined : temperature, topP === 1 ? undefined : topP, topK]
    const names = ['temperature', 'top_p', 'top_k'].filter((_name, index) => sent[index] !== undefined)
    return { fields: {}, warnings: names.map((name) => `dropped ${name}: ${why}`) }
  }
  const fields: JsonObject = {}
  const warnings: string[] = []
  if (temperature !== undefined) {
    fields.temperature = Math.min(1, Math.max(0, temperature))
    if (fields.temperature !== temperature)
      warnings.push(`lowered temperature to ${fields.temperature}: the highest here`)
  }
  if (topP !== undefined && temperature !== undefined && traits.known) {
    if (topP !== 1) warnings.push('dropped top_p: not taken together with temperature')
  } else if (topP !== undefined) fields.top_p = topP
  if (topK !== undefined) fields.top_k = topK
  return { fields, warnings }
}
