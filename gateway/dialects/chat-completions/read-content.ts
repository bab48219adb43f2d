import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { CacheMark, MediaPart, Part, TextPart } from '../../model/parts.ts'
import { invalidField, isAbsent } from './field-reader.ts'
import { isImageType, readAudio, readFile, readImage, readVideo } from './read-media.ts'

/** The content of a message: a text, a list of parts, or nothing. Empty texts carry nothing and are left out. */
export function readContent(content: JsonValue | undefined, path: string): Part[] {
  if (isAbsent(content)) return []
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  if (!Array.isArray(content)) throw invalidField(path, 'a text or a list of parts')
  return content.flatMap((part, position) => readPart(part, `${path}[${position}]`))
}

/** Content that only text and media may stand in. */
export function readResultContent(content: JsonValue | undefined, path: string): (TextPart | MediaPart)[] {
  return readContent(content, path).map((part) => {
    if (part.type === 'text' || part.type === 'media') return part
    throw invalidField(path, 'text and images')
  })
}

function readPart(part: JsonValue, path: string): Part[] {
  if (typeof part === 'string') return part === '' ? [] : [{ type: 'text', text: part }]
  if (!isJsonObject(part)) throw invalidField(path, 'an object with a "type"')
  const { type } = part
  if (typeof type !== 'string') throw invalidField(`${path}.type`, 'a text')
  if (type === 'text' || type === 'input_text' || type === 'output_text') return readText(part, path)
  if (type === 'refusal') return [{ type: 'refusal', text: typeof part.refusal === 'string' ? part.refusal : '' }]
  if (type === 'thinking') return [{ type: 'reasoning', text: thinkingText(part.thinking), opaque: [] }]
  const media = readMedia(part, type, path)
  if (media === undefined) return [{ type: 'foreign', dialect: 'chat-completions', value: part }]
  return [marked(media, part)]
}

function readText(part: JsonObject, path: string): Part[] {
  if (typeof part.text !== 'string') throw invalidField(`${path}.text`, 'a text')
  return part.text === '' ? [] : [marked({ type: 'text', text: part.text }, part)]
}

function readMedia(part: JsonObject, type: string, path: string): MediaPart | undefined {
  if (isImageType(type)) return readImage(part, path)
  if (type === 'input_audio') return readAudio(part, path)
  if (type === 'video_url') return readVideo(part, path)
  return type === 'file' || type === 'input_file' ? readFile(part, path) : undefined
}

/** Mistral's thinking parts hold a list of texts. */
function thinkingText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return ''
  return value.map((entry) => (isJsonObject(entry) && typeof entry.text === 'string' ? entry.text : '')).join('')
}

/** A prompt-cache mark in OpenAI's words or in those that OpenRouter's clients use. */
function marked<Marked extends TextPart | MediaPart>(part: Marked, source: JsonObject): Marked {
  const mark = readCacheMark(source)
  return mark === undefined ? part : { ...part, cacheMark: mark }
}

export function readCacheMark(source: JsonObject): CacheMark | undefined {
  const mark = source.cache_control ?? source.prompt_cache_breakpoint
  if (!isJsonObject(mark)) return undefined
  return { ttl: mark.ttl === '1h' || mark.ttl === '5m' ? mark.ttl : undefined }
}
