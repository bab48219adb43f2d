import type { FastifyRequest } from 'fastify'
import type { UrlFacts } from '../../dialects/request-source.ts'
import { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import { scanTopLevelFields } from '../../model/json-fields.ts'
import { rewriteFields } from '../../model/rewrite-fields.ts'
import type { ReadBody } from './read-json-body.ts'

/** The model of a path with a `:model` part, as OpenAI's engines and Azure's deployments have it. */
export function readModelOfPath(request: FastifyRequest): UrlFacts {
  const { model } = request.params as { readonly model?: string }
  return model === undefined ? {} : { model }
}

/**
 * A `stream` that is neither true nor false is refused because upstreams differ in what they make of it, and the answer
 * must be read right.
 * @throws GatewayError `invalid_field`, param `stream`
 */
export function requireStreamFlag({ stream }: JsonObject): void {
  if (stream === undefined || stream === null || typeof stream === 'boolean') return
  throw new GatewayError('invalid_field', 'The field "stream" must be true or false.', { param: 'stream' })
}

/**
 * What chat completions want beyond the facts reader, which also takes legacy completions with a `prompt`.
 * @throws GatewayError `missing_field`, param `messages`; `invalid_field`, param `stream`
 */
export function requireChatFields(body: JsonObject): void {
  requireStreamFlag(body)
  if (body.messages !== undefined || body.model === undefined) return
  throw new GatewayError('missing_field', 'The request has no messages; a list of them is wanted.', {
    param: 'messages',
  })
}

/** The body with the model of the URL (`/engines/:model/…`) in place of its own or added; every other byte as it was. */
export function withModel(body: ReadBody, model: string): ReadBody {
  const edit = new Map([['model', JSON.stringify(model)]])
  const edits = body.fields.has('model')
    ? { remove: new Set<string>(), replace: edit, add: new Map<string, string>() }
    : { remove: new Set<string>(), replace: new Map<string, string>(), add: edit }
  const bytes = rewriteFields(body.bytes, body.fields, edits)
  return { bytes, json: { ...body.json, model }, fields: scanTopLevelFields(bytes) }
}
