import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

/** Bytes of UTF-8 per token of prose and code, JSON's own marks included: between what tokenizers of this year give. */
const bytesPerToken = 3.6
/** An image of the size that clients scale to, by the API's own rule (width × height ÷ 750). */
const imageTokens = 1_600
/** A PDF page is read as text and as an image; a page has about this many bytes of base64. */
const pdfBytesPerToken = 40

/** Fields of a request that become part of the prompt. */
const countedFields = ['system', 'messages', 'tools'] as const

/**
 * Estimates the input tokens of a Messages request out of its size: an estimate, and told as such by the caller. Encoded
 * images and documents count by what they show and not by their bytes. Walks with its own stack, so no depth of nesting
 * can overflow ours.
 */
export function countMessageTokens(body: JsonObject): number {
  const pending: JsonValue[] = countedFields.flatMap((field) => (body[field] === undefined ? [] : [body[field]]))
  let bytes = 0
  let tokens = 0
  while (pending.length > 0) {
    const current = pending.pop()
    if (Array.isArray(current)) for (const entry of current) pending.push(entry)
    else if (isJsonObject(current)) {
      if (isEncodedSource(current)) tokens += sourceTokens(current)
      else {
        for (const [key, entry] of Object.entries(current)) {
          bytes += key.length + 4
          pending.push(entry)
        }
      }
    } else if (typeof current === 'string') bytes += Buffer.byteLength(current) + 2
    else bytes += 4
  }
  return Math.max(1, tokens + Math.ceil(bytes / bytesPerToken))
}

function isEncodedSource(value: JsonObject): boolean {
  return value.type === 'base64' && typeof value.data === 'string'
}

function sourceTokens(source: JsonObject): number {
  if (typeof source.media_type === 'string' && source.media_type.startsWith('image/')) return imageTokens
  return typeof source.data === 'string' ? Math.ceil(source.data.length / pdfBytesPerToken) : 0
}
