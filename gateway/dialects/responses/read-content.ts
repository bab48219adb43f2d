import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { CacheMark, ForeignPart, MediaPart, RefusalPart, TextPart } from '../../model/parts.ts'
import { invalidField } from './field-errors.ts'
import { checkBase64, readUrl, type ReadSource } from './read-data-url.ts'

export type ContentPart = TextPart | MediaPart | RefusalPart | ForeignPart

/** The content of a message or of a tool's output: a text or a list of parts. @throws GatewayError `invalid_field` */
export function readContent(content: JsonValue | undefined, param: string): ContentPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  if (content === undefined || content === null) return []
  if (!Array.isArray(content)) throw invalidField(param, 'a text or a list of parts')
  return content.flatMap((part, index) => readPart(part, `${param}[${index}]`))
}

function readPart(part: JsonValue, param: string): ContentPart[] {
  if (!isJsonObject(part)) throw invalidField(param, 'an object with a "type"')
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
    case 'summary_text':
    case 'reasoning_text': {
      const text = readText(part.text, `${param}.text`)
      return text === '' ? [] : [{ type: 'text', text, ...cacheMarkOf(part) }]
    }
    case 'refusal':
      return [{ type: 'refusal', text: readText(part.refusal, `${param}.refusal`) }]
    case 'input_image':
      return [readImage(part, param)]
    case 'input_file':
      return [readFile(part, param)]
    case 'input_audio':
      return [readAudio(part, param)]
    default:
      if (typeof part.type !== 'string') throw invalidField(`${param}.type`, 'a text')
      return [{ type: 'foreign', dialect: 'responses', value: part }]
  }
}

export function readText(value: JsonValue | undefined, param: string): string {
  if (typeof value !== 'string') throw invalidField(param, 'a text')
  return value
}

function cacheMarkOf(part: JsonObject): { cacheMark?: CacheMark } {
  return isJsonObject(part.prompt_cache_breakpoint) ? { cacheMark: { ttl: undefined } } : {}
}

function readImage(part: JsonObject, param: string): MediaPart {
  // Some clients nest the address as chat completions does.
  const url = isJsonObject(part.image_url) ? part.image_url.url : part.image_url
  return {
    type: 'media',
    kind: 'image',
    ...(typeof url === 'string' ? readUrl(url, `${param}.image_url`) : readFileId(part, `${param}.image_url`)),
    ...(typeof part.detail === 'string' ? { detail: part.detail } : {}),
    ...cacheMarkOf(part),
  }
}

function readFile(part: JsonObject, param: string): MediaPart {
  const filename = typeof part.filename === 'string' ? part.filename : undefined
  const { source, mimeType } = readFileSource(part, filename, param)
  const named = { ...(filename === undefined ? {} : { filename }), ...cacheMarkOf(part) }
  if (source.kind === 'base64' && mimeType?.startsWith('text/') === true) {
    const text = Buffer.from(source.data, 'base64').toString('utf8')
    return { type: 'media', kind: 'document', source: { kind: 'text', text }, mimeType, ...named }
  }
  return { type: 'media', kind: kindOf(mimeType), source, mimeType, ...named }
}

function readFileSource(part: JsonObject, filename: string | undefined, param: string): ReadSource {
  if (typeof part.file_data === 'string') {
    const place = `${param}.file_data`
    if (part.file_data.startsWith('data:')) return readUrl(part.file_data, place)
    const mimeType =
      filename === undefined || filename.toLowerCase().endsWith('.pdf') ? 'application/pdf' : 'text/plain'
    return { source: { kind: 'base64', data: checkBase64(part.file_data, place) }, mimeType }
  }
  if (typeof part.file_url === 'string') return readUrl(part.file_url, `${param}.file_url`)
  return readFileId(part, `${param}.file_data`)
}

function readFileId(part: JsonObject, param: string): ReadSource {
  if (typeof part.file_id !== 'string' || part.file_id === '')
    throw invalidField(param, 'given, or a "file_id" in its place')
  return { source: { kind: 'file_id', id: part.file_id, dialect: 'responses' }, mimeType: undefined }
}

function kindOf(mimeType: string | undefined): MediaPart['kind'] {
  const family = mimeType?.split('/')[0]
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'document'
}

function readAudio(part: JsonObject, param: string): MediaPart {
  const audio = isJsonObject(part.input_audio) ? part.input_audio : part
  const data = checkBase64(readText(audio.data, `${param}.input_audio.data`), `${param}.input_audio.data`)
  const format = readText(audio.format, `${param}.input_audio.format`)
  const mimeType = format === 'mp3' ? 'audio/mpeg' : `audio/${format}`
  return { type: 'media', kind: 'audio', source: { kind: 'base64', data }, mimeType }
}
