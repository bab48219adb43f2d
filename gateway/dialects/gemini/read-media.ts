import { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import type { MediaPart, MediaSource } from '../../model/parts.ts'
import { invalid, optionalText } from './fields.ts'

/** `inlineData`. @throws GatewayError `invalid_field` for what is no base64 */
export function readInlineData(value: JsonObject, param: string): MediaPart {
  const data = optionalText(value, 'data', `${param}.`)
  const mimeType = optionalText(value, 'mimeType', `${param}.`)
  if (data === undefined || data === '') throw missing(`${param}.data`)
  if (mimeType === undefined || mimeType === '') throw missing(`${param}.mimeType`)
  return { ...named(value), ...media(mimeType, { kind: 'base64', data: plainBase64(data, `${param}.data`) }) }
}

/** `fileData`: a file of Google's store, or any URL. */
export function readFileData(value: JsonObject, param: string): MediaPart {
  const uri = optionalText(value, 'fileUri', `${param}.`)
  if (uri === undefined || uri === '') throw missing(`${param}.fileUri`)
  const isStored = /^(?:https:\/\/generativelanguage\.googleapis\.com\/|files\/|gs:\/\/)/.test(uri)
  const source: MediaSource = isStored ? { kind: 'file_id', id: uri, dialect: 'gemini' } : { kind: 'url', url: uri }
  return { ...named(value), ...media(optionalText(value, 'mimeType', `${param}.`), source) }
}

function media(mimeType: string | undefined, source: MediaSource): MediaPart {
  return { type: 'media', kind: kindOf(mimeType), source, mimeType }
}

function named(value: JsonObject): { filename?: string } {
  const name = optionalText(value, 'displayName')
  return name === undefined ? {} : { filename: name }
}

function kindOf(mimeType: string | undefined): MediaPart['kind'] {
  const family = mimeType?.split('/')[0]
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'document'
}

/** The service takes both alphabets of base64; other wires know only the first. */
function plainBase64(data: string, param: string): string {
  const text = /[\r\n ]/.test(data) ? data.replace(/[\r\n ]+/g, '') : data
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) throw invalid(param, 'base64 without a data: prefix')
  const plain = /[-_]/.test(text) ? text.replaceAll('-', '+').replaceAll('_', '/') : text
  const bare = plain.replace(/=+$/, '')
  if (bare.length % 4 === 1) throw invalid(param, 'base64 that is complete')
  return bare + '='.repeat((4 - (bare.length % 4)) % 4)
}

function missing(param: string): GatewayError {
  return new GatewayError('missing_field', `The field "${param}" is missing.`, { param })
}
