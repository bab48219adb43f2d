import { GatewayError } from '../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import { controlFields } from '../model/gateway-fields.ts'
import { objectField } from './object-field.ts'

/** One step of a chain: a model, and the fields of the request that are to be others for it. */
interface ChainEntry {
  readonly model: string
  readonly changes: JsonObject | undefined
}

/**
 * The fallback groups that a request names, undefined when it says nothing. Every form that the config file knows: names,
 * `{model}`, `{group: [names]}` and `{model_name, fallback_models}` in a list, or one block of chains. Of chains by
 * group, that of the asked model counts, else that of `*`. Throws `invalid_field`, and `unsupported_field` for an entry
 * that would change what is the gateway's own.
 */
export function readChain(body: JsonObject, field: string, model: string): readonly string[] | undefined {
  return readEntries(body, field, model)?.map((entry) => entry.model)
}

/**
 * LiteLLM's `{model, messages, temperature, …}`: what an entry says beyond its model takes the place of the request's own
 * fields when that model is asked. By model; undefined when no entry says more. Throws as `readChain` does.
 */
export function readChainChanges(
  body: JsonObject,
  field: string,
  model: string,
): ReadonlyMap<string, JsonObject> | undefined {
  const changes = new Map<string, JsonObject>()
  for (const entry of readEntries(body, field, model) ?? []) {
    if (entry.changes !== undefined && !changes.has(entry.model)) changes.set(entry.model, entry.changes)
  }
  return changes.size === 0 ? undefined : changes
}

function readEntries(body: JsonObject, field: string, model: string): readonly ChainEntry[] | undefined {
  const written = body[field]
  if (written === undefined || written === null) return undefined
  if (isJsonObject(written)) return chainOfGroup(written, field, model)
  if (!Array.isArray(written)) throw invalidChain(field)
  return written.flatMap((entry) => {
    if (!isJsonObject(entry) || entry.model !== undefined) return [entryOf(entry, field)]
    if (entry.model_name === undefined || entry.fallback_models === undefined) return chainOfGroup(entry, field, model)
    const isOurs = entry.model_name === model || entry.model_name === '*'
    return isOurs ? entriesOf(entry.fallback_models, field) : []
  })
}

/** Chains by group; each is checked, so that a mistake in one shows whatever model is asked. */
function chainOfGroup(chains: JsonObject, field: string, model: string): readonly ChainEntry[] {
  for (const chain of Object.values(chains)) entriesOf(chain, field)
  const chain = objectField(chains, model) ?? objectField(chains, '*')
  return chain === undefined ? [] : entriesOf(chain, field)
}

/** LiteLLM's dictionary has one name for each model; a chain is a list. */
function entriesOf(chain: JsonValue, field: string): readonly ChainEntry[] {
  if (typeof chain === 'string' && field === 'context_window_fallback_dict') return [entryOf(chain, field)]
  if (!Array.isArray(chain)) throw invalidChain(field)
  return chain.map((entry) => entryOf(entry, field))
}

function entryOf(entry: JsonValue, field: string): ChainEntry {
  const model = isJsonObject(entry) ? entry.model : entry
  if (typeof model !== 'string' || model === '') throw invalidChain(field)
  if (!isJsonObject(entry)) return { model, changes: undefined }
  const { model: _named, ...changes } = entry
  const names = Object.keys(changes)
  const fixed = names.find((name) => name === 'stream' || controlFields.has(name))
  if (fixed !== undefined) {
    throw new GatewayError(
      'unsupported_field',
      `An entry of "${field}" has "${fixed}", which holds for the whole request: write it beside "${field}".`,
      { param: field },
    )
  }
  return { model, changes: names.length === 0 ? undefined : changes }
}

function invalidChain(field: string): GatewayError {
  return new GatewayError('invalid_field', `The field "${field}" must be a list of model names.`, { param: field })
}
