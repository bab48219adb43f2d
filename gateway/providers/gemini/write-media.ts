import type { JsonObject } from '../../model/json.ts'
import type { MediaPart } from '../../model/parts.ts'
import { type CallContext, unsupported } from './call-context.ts'

const typesByEnding: Readonly<Record<string, string>> = {
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  mp3: 'audio/mp3',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  wav: 'audio/wav',
  webp: 'image/webp',
}

/** First characters of base64 that tell an image's type. */
const typesByStart: readonly (readonly [string, string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
  ['JVBERi', 'application/pdf'],
]

const typesByKind = { image: 'image/png', document: 'application/pdf', audio: 'audio/wav', video: 'video/mp4' } as const

/**
 * A picture, document or sound as a part. Base64 goes inline; an https URL is handed on, as the Gemini API fetches public
 * URLs itself (ai.google.dev/gemini-api/docs/file-input-methods): the gateway fetches nothing.
 * @throws GatewayError `unsupported_field` for another provider's file id and for URLs that are not https
 */
export function writeMedia(part: MediaPart, context: CallContext): JsonObject {
  if (part.detail !== undefined && part.detail !== 'auto') context.warn(`dropped the image detail "${part.detail}"`)
  const { source } = part
  switch (source.kind) {
    case 'base64':
      return { inlineData: { mimeType: part.mimeType ?? typeOfData(source.data, part), data: source.data } }
    case 'text':
      return { text: writeTextDocument(part, source.text, context) }
    case 'file_id': {
      if (source.dialect !== 'gemini') throw unsupported(context, 'file_id', 'the file lies with another provider.')
      return { fileData: withType(source.id, part.mimeType) }
    }
    case 'url':
      return writeUrl(source.url, part, context)
  }
}

function writeUrl(url: string, part: MediaPart, context: CallContext): JsonObject {
  const data = /^data:([^;,]*)[^,]*;base64,(.*)$/s.exec(url)
  if (data !== null) {
    return {
      inlineData: { mimeType: data[1] || part.mimeType || typeOfData(data[2] ?? '', part), data: data[2] ?? '' },
    }
  }
  if (!/^https:\/\//i.test(url)) {
    throw unsupported(context, 'url', 'only https URLs and inline data can be read. Send the content as base64.')
  }
  return { fileData: withType(url, part.mimeType ?? typeOfUrl(url)) }
}

function withType(fileUri: string, mimeType: string | undefined): JsonObject {
  return mimeType === undefined ? { fileUri } : { fileUri, mimeType }
}

function typeOfUrl(url: string): string | undefined {
  const ending = /\.([a-z0-9]{2,4})(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(typesByEnding, ending) ? typesByEnding[ending] : undefined
}

function typeOfData(data: string, part: MediaPart): string {
  return typesByStart.find(([start]) => data.startsWith(start))?.[1] ?? typesByKind[part.kind]
}

function writeTextDocument(part: MediaPart, text: string, context: CallContext): string {
  const lines = [
    ...(part.title === undefined ? [] : [`Title: ${part.title}`]),
    ...(part.context === undefined ? [] : [`Context: ${part.context}`]),
  ]
  context.warn('a text document became plain text')
  return lines.length === 0 ? text : `${lines.join('\n')}\n\n${text}`
}
