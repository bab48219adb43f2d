import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { MediaPart, MediaSource } from '../../model/parts.ts'
import { invalidField, missingField } from './field-reader.ts'

/** `image_url` as an object or a text, and the spellings that other APIs brought along. */
export function readImage(part: JsonObject, path: string): MediaPart {
  const given = part.image_url ?? part.image
  const url = isJsonObject(given) ? given.url : given
  if (typeof url !== 'string' || url === '') throw missingField(`${path}.image_url.url`, 'an https or data URL')
  const detail = isJsonObject(given) ? given.detail : part.detail
  const media = mediaFromUrl('image', url, `${path}.image_url.url`)
  return typeof detail === 'string' ? { ...media, detail } : media
}

export function readVideo(part: JsonObject, path: string): MediaPart {
  const url = isJsonObject(part.video_url) ? part.video_url.url : part.video_url
  if (typeof url !== 'string' || url === '') throw missingField(`${path}.video_url.url`, 'an https or data URL')
  return mediaFromUrl('video', url, `${path}.video_url.url`)
}

export function readAudio(part: JsonObject, path: string): MediaPart {
  const audio = part.input_audio
  if (!isJsonObject(audio) || typeof audio.data !== 'string') {
    throw missingField(`${path}.input_audio.data`, 'audio as base64')
  }
  if (typeof audio.format !== 'string') throw missingField(`${path}.input_audio.format`, 'wav or mp3')
  const data = audio.data.startsWith('data:') ? (splitDataUrl(audio.data)?.data ?? '') : audio.data
  return {
    type: 'media',
    kind: 'audio',
    source: base64Source(data, `${path}.input_audio.data`),
    mimeType: audio.format === 'mp3' ? 'audio/mpeg' : `audio/${audio.format.slice(0, 40)}`,
  }
}

/** A file is a document by its data, or by an id in the account it was uploaded to. */
export function readFile(part: JsonObject, path: string): MediaPart {
  const file = isJsonObject(part.file) ? part.file : part
  const name: { filename?: string } = typeof file.filename === 'string' ? { filename: file.filename } : {}
  if (typeof file.file_data === 'string') {
    const media = mediaFromUrl('document', file.file_data, `${path}.file.file_data`)
    const kind = media.mimeType?.startsWith('image/') === true ? 'image' : 'document'
    return { ...media, kind, mimeType: media.mimeType ?? 'application/pdf', ...name }
  }
  if (typeof file.file_id === 'string') {
    const source: MediaSource = { kind: 'file_id', id: file.file_id, dialect: 'chat-completions' }
    return { type: 'media', kind: 'document', source, mimeType: undefined, ...name }
  }
  throw missingField(`${path}.file.file_data`, 'a data URL, or a file_id,')
}

function mediaFromUrl(kind: MediaPart['kind'], url: string, path: string): MediaPart {
  if (/^https?:\/\//i.test(url)) return { type: 'media', kind, source: { kind: 'url', url }, mimeType: undefined }
  const parts = splitDataUrl(url)
  if (parts === undefined) {
    // Some clients send the bare base64 of a file.
    if (kind !== 'document') throw invalidField(path, 'an https URL or a base64 data URL')
    return { type: 'media', kind, source: base64Source(url, path), mimeType: undefined }
  }
  return { type: 'media', kind, source: base64Source(parts.data, path), mimeType: parts.mimeType }
}

/** `data:image/png;name=a.png;base64,…`: the type without its parameters, and the data. Undefined for anything else. */
function splitDataUrl(url: string): { mimeType: string; data: string } | undefined {
  if (!/^data:/i.test(url)) return undefined
  const comma = url.indexOf(',')
  if (comma === -1 || comma > 300) return undefined
  const [mimeType, ...parameters] = url.slice('data:'.length, comma).split(';')
  if (!parameters.some((parameter) => parameter.trim().toLowerCase() === 'base64')) return undefined
  return { mimeType: (mimeType ?? '').trim().toLowerCase() || 'application/octet-stream', data: url.slice(comma + 1) }
}

/** Line breaks and the URL alphabet are put into plain base64; anything else is refused. */
function base64Source(data: string, path: string): MediaSource {
  const plain = /[\s_-]/.test(data) ? data.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/') : data
  const bare = plain.replace(/={0,2}$/, '')
  if (bare === '' || !/^[A-Za-z0-9+/]+$/.test(bare) || bare.length % 4 === 1) {
    throw invalidField(path, 'base64 that can be decoded')
  }
  return { kind: 'base64', data: plain }
}

/** True for a value that names a part with media in it. */
export function isImageType(type: JsonValue | undefined): boolean {
  return type === 'image_url' || type === 'input_image' || type === 'image'
}
