import type { Deployment } from '../../config/gateway-config.ts'
import type { JsonObject } from '../../model/json.ts'
import type { CacheMark, MediaPart, TextPart } from '../../model/parts.ts'
import { cannotCarry } from './refusal.ts'

/** Image types that the API reads. */
const imageTypes = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp'])

/** A text block; none for a text without anything but space, which the API refuses. */
export function textBlocks(text: string, mark?: CacheMark): JsonObject[] {
  return text.trim() === '' ? [] : [{ type: 'text', text, ...cacheControl(mark) }]
}

/** The field `cache_control` of a block with a mark. */
export function cacheControl(mark: CacheMark | undefined): JsonObject {
  if (mark === undefined) return {}
  return { cache_control: { type: 'ephemeral', ...(mark.ttl === undefined ? {} : { ttl: mark.ttl }) } }
}

/** Text and media in order, as blocks. Throws GatewayError `unsupported_field` for media that the API does not take. */
export function contentBlocks(deployment: Deployment, content: readonly (TextPart | MediaPart)[]): JsonObject[] {
  return content.flatMap((part) =>
    part.type === 'text' ? textBlocks(part.text, part.cacheMark) : [mediaBlock(deployment, part)],
  )
}

/** An image or a document. Throws GatewayError `unsupported_field` for any other kind, type or foreign file id. */
export function mediaBlock(deployment: Deployment, part: MediaPart): JsonObject {
  if (part.kind === 'audio' || part.kind === 'video') throw cannotCarry(deployment, 'messages', `${part.kind} input`)
  const source = part.kind === 'image' ? imageSource(deployment, part) : documentSource(deployment, part)
  const title = part.title ?? part.filename
  return {
    type: part.kind,
    source,
    ...(part.kind === 'document' && title !== undefined ? { title } : {}),
    ...(part.kind === 'document' && part.context !== undefined ? { context: part.context } : {}),
    ...cacheControl(part.cacheMark),
  }
}

function imageSource(deployment: Deployment, { source, mimeType }: MediaPart): JsonObject {
  switch (source.kind) {
    case 'base64': {
      const mediaType = mimeType?.toLowerCase().replace('image/jpg', 'image/jpeg') ?? ''
      if (!imageTypes.has(mediaType)) {
        throw cannotCarry(deployment, 'messages', `image of type ${mediaType || 'unknown'} (JPEG, PNG, GIF or WebP)`)
      }
      return { type: 'base64', media_type: mediaType, data: source.data }
    }
    case 'url':
      return urlSource(source.url)
    case 'file_id':
      return fileSource(deployment, source)
    case 'text':
      throw cannotCarry(deployment, 'messages', 'image made of text')
  }
}

function documentSource(deployment: Deployment, { source, mimeType }: MediaPart): JsonObject {
  switch (source.kind) {
    case 'base64':
      return encodedDocument(deployment, source.data, mimeType?.toLowerCase() ?? 'application/pdf')
    case 'url':
      return urlSource(source.url)
    case 'file_id':
      return fileSource(deployment, source)
    case 'text':
      return { type: 'text', media_type: 'text/plain', data: source.text }
  }
}

/** PDF goes as it is, text as text; the API reads no other documents. */
function encodedDocument(deployment: Deployment, data: string, mimeType: string): JsonObject {
  if (mimeType === 'application/pdf') return { type: 'base64', media_type: mimeType, data }
  const isText = mimeType.startsWith('text/') || mimeType === 'application/json'
  if (!isText) throw cannotCarry(deployment, 'messages', `document of type ${mimeType} (PDF or text)`)
  return { type: 'text', media_type: 'text/plain', data: Buffer.from(data, 'base64').toString('utf8') }
}

function urlSource(url: string): JsonObject {
  return { type: 'url', url }
}

/** An id belongs to an account at one provider, so only ids of this wire's own clients go on. */
function fileSource(deployment: Deployment, source: { readonly id: string; readonly dialect: string }): JsonObject {
  if (source.dialect !== 'messages') throw cannotCarry(deployment, 'messages', "file by another provider's id")
  return { type: 'file', file_id: source.id }
}
