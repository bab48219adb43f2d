import { GatewayError } from '../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import { objectField } from './object-field.ts'

/**
 * The fallback groups that a request names, undefined when it says nothing. Every form that the config file knows: names,
 * `{model}`, `{group: [names]}` and `{model_name, fallback_models}` in a list, or one block of chains. Of chains by
 * group, that of the asked model counts, else that of `*`. Throws `invalid_field`, and `unsupported_field` for an entry
 * that would change more than the model.
 */
export function readChain(body: JsonObject, field: string, model: string): readonly string[] | undefined {
  const written = body[field]
  if (written === undefined || written === null) return undefined
  if (isJsonObject(written)) return chainOfGroup(written, field, model)
  if (!Array.isArray(written)) throw invalidChain(field)
  return written.flatMap((entry) => {
    if (!isJsonObject(entry) || entry.model !== undefined) return [nameOf(entry, field)]
    if (entry.model_name === undefined || entry.fallback_models === undefined) return chainOfGroup(entry, field, model)
    const isOurs = entry.model_name === model || entry.model_name === '*'
    return isOurs ? namesOf(entry.fallback_models, field) : []
  })
}

/** Chains by group; each is checked, so that a mistake in one shows whatever model is asked. */
function chainOfGroup(chains: JsonObject, field: string, model: string): readonly string[] {
  for (const chain of Object.values(chains)) namesOf(chain, field)
  const chain = objectField(chains, model) ?? objectField(chains, '*')
  return chain === undefined ? [] : namesOf(chain, field)
}

/** LiteLLM's dictionary has one name for each model; a chain is a list. */
function namesOf(chain: JsonValue, field: string): readonly string[] {
  if (typeof chain === 'string' && field === 'context_window_fallback_dict') return [nameOf(chain, field)]
  if (!Array.isArray(chain)) throw invalidChain(field)
  return chain.map((entry) => nameOf(entry, field))
}

function nameOf(entry: JsonValue, field: string): string {
  const name = isJsonObject(entry) ? entry.model : entry
  if (typeof name !== 'string' || name === '') throw invalidChain(field)
  if (isJsonObject(entry) && Object.keys(entry).length > 1) {
    throw new GatewayError('unsupported_field', `An entry of "${field}" may name a "model" and nothing else.`, {
      param: field,
    })
  }
  return name
}

function invalidChain(field: string): GatewayError {
  return new GatewayError('invalid_field', `The field "${field}" must be a list of model names.`, { param: field })
}
