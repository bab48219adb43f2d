import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../../model/errors.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { scanTopLevelFields } from '../../model/json-fields.ts'
import { rewriteFields } from '../../model/rewrite-fields.ts'
import { modelOfProvider } from '../../routing/account-plan.ts'
import type { LlmApi, LlmDependencies } from './llm-handler.ts'
import { readUpload, type ReadUpload } from './read-upload.ts'

/** LiteLLM's ways to say whose account is meant, taken out before the request goes on. */
const bodyNames = ['model', 'custom_llm_provider', 'target_model_names'] as const

/**
 * Reads the request of a route that names no model of its own. Whose account is meant stands, in this order, in
 * `?model=`, the header `x-litellm-model`, the body's `model` or `target_model_names` (one name), or as a provider in
 * `?custom_llm_provider=`, the header `custom-llm-provider` or the body.
 */
export function createAccountReader({ snapshot }: LlmDependencies): Pick<LlmApi, 'readUrl' | 'readBody'> {
  const readBody = (request: FastifyRequest): ReadUpload => {
    const body = withoutNames(request.raw.method === 'POST' ? readOptionalBody(request) : noBody)
    return { ...body.read, json: { ...body.read.json, model: nameModel(request, body.named) } }
  }
  const nameModel = (request: FastifyRequest, named: JsonObject): string => {
    const query = new URL(request.raw.url ?? '/', 'http://gateway').searchParams
    const { headers } = request.raw
    const model =
      textOf(query.get('model')) ??
      textOf(headers['x-litellm-model']) ??
      textOf(named.model) ??
      oneTarget(named.target_model_names)
    if (model !== undefined) return model
    const provider =
      textOf(query.get('custom_llm_provider')) ??
      textOf(headers['custom-llm-provider']) ??
      textOf(named.custom_llm_provider)
    if (provider !== undefined) return modelOfProvider(provider, snapshot(request.identity?.allowedModels))
    throw new GatewayError(
      'missing_field',
      'Files and batches are kept by one provider, and this request does not say which: add ?model=<a model of it> (or the header x-litellm-model), or ?custom_llm_provider=<its name>.',
      { param: 'model' },
    )
  }
  return { readUrl: () => ({}), readBody }
}

const noBody: ReadUpload = { bytes: Buffer.alloc(0), json: {}, fields: new Map() }

/** A cancel has no body in most clients. */
function readOptionalBody(request: FastifyRequest): ReadUpload {
  const isEmpty = !Buffer.isBuffer(request.body) || request.body.length === 0
  return isEmpty ? noBody : readUpload(request)
}

interface NamedBody {
  readonly read: ReadUpload
  readonly named: JsonObject
}

/** An upstream refuses names it does not know, so they stay here. */
function withoutNames(read: ReadUpload): NamedBody {
  const named = Object.fromEntries(
    bodyNames.flatMap((name): [string, JsonValue][] => {
      const value = read.json[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const { form } = read
  if (form !== undefined) {
    const parts = form.parts.filter((part) => !bodyNames.some((name) => name === part.name))
    return { read: { ...read, form: { ...form, parts } }, named }
  }
  if (Object.keys(named).length === 0) return { read, named }
  const bytes = rewriteFields(read.bytes, read.fields, {
    remove: new Set(bodyNames),
    replace: new Map(),
    add: new Map(),
  })
  return { read: { ...read, bytes, fields: scanTopLevelFields(bytes) }, named }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** Several targets would put one file into several accounts, each with an id of its own: one answer cannot tell them. */
function oneTarget(value: JsonValue | undefined): string | undefined {
  const only = Array.isArray(value) && value.length === 1 ? value[0] : value
  const text = textOf(only) ?? (Array.isArray(only) ? ',' : undefined)
  if (text === undefined) return undefined
  if (!text.includes(',')) return text
  throw new GatewayError(
    'unsupported_field',
    'The field "target_model_names" may hold one name here: a file is kept by one account.',
    { param: 'target_model_names' },
  )
}
