import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import { isFormType, readForm, type UploadForm } from '../../model/upload-form.ts'
import { type ReadBody, readJsonBody } from './read-json-body.ts'

/** A body that may have come as a form. Its plain fields that speak to the gateway stand in `json`. */
export interface ReadUpload extends ReadBody {
  readonly form?: UploadForm
}

/** Fields of a form that the gateway reads; each may come once, so that what is authorised is what is sent. */
const ownFields = ['model', 'stream', 'user', 'custom_llm_provider', 'target_model_names'] as const

/** Longest text that a field of ours may have, in bytes. */
const longestField = 4_096

/**
 * Reads an upload, or the JSON that some clients send in place of one.
 * @throws GatewayError `invalid_form`, `duplicate_key`, `invalid_field` naming the field, and those of readJsonBody
 */
export function readUpload(request: FastifyRequest): ReadUpload {
  const { 'content-type': contentType = '' } = request.raw.headers
  const { body } = request
  if (!isFormType(contentType)) return readJsonBody(body)
  if (!Buffer.isBuffer(body)) throw new GatewayError('invalid_form', 'The request has no body; a form is wanted.')
  const form = readForm(body, contentType)
  return { bytes: body, json: fieldsOf(form), fields: new Map(), form }
}

function fieldsOf({ parts }: UploadForm): JsonObject {
  const json: JsonObject = {}
  for (const name of ownFields) {
    const [part, second] = parts.filter((entry) => entry.name === name)
    if (part === undefined) continue
    if (second !== undefined) {
      throw new GatewayError('duplicate_key', `The form has the field "${name}" more than once.`, { param: name })
    }
    if (part.fileParameters !== undefined || part.bytes.length > longestField) {
      throw new GatewayError('invalid_field', `The field "${name}" of the form must be a short text, not a file.`, {
        param: name,
      })
    }
    const text = part.bytes.toString('utf8')
    json[name] = name === 'stream' ? readFlag(text) : text
  }
  return json
}

function readFlag(text: string): boolean {
  const word = text.trim().toLowerCase()
  if (word === 'true' || word === '1') return true
  if (word === 'false' || word === '0' || word === '') return false
  throw new GatewayError('invalid_field', 'The field "stream" must be true or false.', { param: 'stream' })
}
