import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { CacheMark, MediaPart, Part, TextPart } from '../../model/parts.ts'
import { refusal, type Translation } from './translation.ts'

/** Joins text parts where an upstream wants one string. */
const partBreak = '\n'

/**
 * Text and media as the content of a message: one string when there is only text, else a list of parts. Empty texts are
 * left out. Undefined when nothing is left.
 */
export function writeContent(translation: Translation, parts: readonly Part[]): JsonValue | undefined {
  const written = parts.flatMap((part) => contentPart(translation, part))
  if (written.length === 0) return undefined
  const onlyText = written.every((part) => part.type === 'text')
  const hasMark = written.some((part) => part.prompt_cache_breakpoint !== undefined || part.cache_control !== undefined)
  if (!onlyText || hasMark) return written
  if (written.length > 1 && translation.quirks.textParts) return written
  return written.map((part) => (typeof part.text === 'string' ? part.text : '')).join(partBreak)
}

/** Only the text, as one string: for messages that hold nothing else. */
export function writeText(parts: readonly Part[]): string {
  return parts
    .flatMap((part) => (part.type === 'text' || part.type === 'refusal' ? [part.text] : []))
    .filter((text) => text !== '')
    .join(partBreak)
}

function contentPart(translation: Translation, part: Part): JsonObject[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [textPart(translation, part)]
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }]
    case 'media':
      return [marked(translation, mediaPart(translation, part), part.cacheMark)]
    case 'foreign':
      if (part.dialect === 'chat-completions' && translation.request.dialect === 'chat-completions') return [part.value]
      throw refusal(translation, 'messages', `a part of type "${typeName(part.value)}", known to another API only`)
    default:
      return []
  }
}

function typeName(value: JsonObject): string {
  return typeof value.type === 'string' ? value.type.slice(0, 60) : 'unknown'
}

function textPart(translation: Translation, part: TextPart): JsonObject {
  return marked(translation, { type: 'text', text: part.text }, part.cacheMark)
}

/** Puts a prompt-cache mark on a part in the words of the upstream. */
function marked(translation: Translation, part: JsonObject, mark: CacheMark | undefined): JsonObject {
  if (mark === undefined) return part
  const { quirks, warnings, deployment } = translation
  if (quirks.cacheMarks === 'breakpoint') return { ...part, prompt_cache_breakpoint: { mode: 'explicit' } }
  if (quirks.cacheMarks === 'cache_control') {
    const ttl: JsonObject = mark.ttl === undefined ? {} : { ttl: mark.ttl }
    return { ...part, cache_control: { type: 'ephemeral', ...ttl } }
  }
  warnings.add(`dropped cache marks: ${deployment.provider} has none`)
  return part
}

function mediaPart(translation: Translation, part: MediaPart): JsonObject {
  if (part.source.kind === 'text') return textDocument(translation, part, part.source.text)
  if (part.source.kind === 'file_id') return fileById(translation, part, part.source)
  switch (part.kind) {
    case 'image':
      return image(translation, part)
    case 'document':
      return document(translation, part)
    case 'audio':
      return audio(translation, part)
    case 'video':
      throw refusal(translation, 'messages', 'video')
  }
}

function image(translation: Translation, part: MediaPart): JsonObject {
  if (part.source.kind === 'url' && !translation.quirks.imageUrls) {
    throw refusal(translation, 'messages', 'an image by URL; send it as base64 instead')
  }
  const detail: JsonObject = part.detail === undefined ? {} : { detail: part.detail }
  return { type: 'image_url', image_url: { url: addressOf(part, 'image/png'), ...detail } }
}

function document(translation: Translation, part: MediaPart): JsonObject {
  const { documents, documentUrls } = translation.quirks
  const byUrl = part.source.kind === 'url'
  if (documents === undefined) throw refusal(translation, 'messages', 'a document')
  if (byUrl && !documentUrls) {
    throw refusal(translation, 'messages', 'a document by URL, and the gateway fetches none; send it as base64')
  }
  const address = addressOf(part, 'application/pdf')
  if (documents === 'document_url') {
    const name: JsonObject = part.filename === undefined ? {} : { document_name: part.filename }
    return { type: 'document_url', document_url: address, ...name }
  }
  return { type: 'file', file: { filename: part.filename ?? part.title ?? 'document.pdf', file_data: address } }
}

const audioFormats: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mp3': 'mp3',
  'audio/mpeg': 'mp3',
}

function audio(translation: Translation, part: MediaPart): JsonObject {
  const format = audioFormats[part.mimeType ?? '']
  if (!translation.quirks.audio) throw refusal(translation, 'messages', 'audio')
  if (part.source.kind !== 'base64' || format === undefined) {
    throw refusal(translation, 'messages', 'audio other than WAV or MP3 as base64')
  }
  return { type: 'input_audio', input_audio: { data: part.source.data, format } }
}

function fileById(
  translation: Translation,
  part: MediaPart,
  source: Extract<MediaPart['source'], { kind: 'file_id' }>,
): JsonObject {
  // Responses is another wire of the same accounts; chat completions knows a picture by its content only.
  const isKnown = source.dialect === 'chat-completions' || (source.dialect === 'responses' && part.kind === 'document')
  if (!isKnown) {
    throw refusal(translation, 'messages', `a ${part.kind} by file id, which belongs to an account elsewhere`)
  }
  return { type: 'file', file: { file_id: source.id } }
}

/** The chat wire has no text documents: title and context go in front of the text. */
function textDocument(translation: Translation, part: MediaPart, text: string): JsonObject {
  translation.warnings.add('a text document was sent as plain text')
  const lines = [part.title ?? part.filename, part.context, text].filter((line) => line !== undefined && line !== '')
  return { type: 'text', text: lines.join('\n\n') }
}

function addressOf(part: MediaPart, fallbackType: string): string {
  if (part.source.kind === 'url') return part.source.url
  const data = part.source.kind === 'base64' ? part.source.data : ''
  return `data:${part.mimeType ?? fallbackType};base64,${data}`
}
