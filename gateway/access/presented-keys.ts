import type { IncomingHttpHeaders } from 'node:http'

/** The headers a key is read from, in the order they are tried; named in the 401 that asks for one. */
export const keyHeaders = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'x-litellm-api-key'] as const

/** Longer values are not keys of ours and are not worth hashing. */
const longestKey = 512

/**
 * The keys a request carries, in the order they are tried. There can be several: Claude Code sends the user's own
 * `ANTHROPIC_API_KEY` as `x-api-key` beside our Bearer. Keys in the query are never looked at.
 */
export function readPresentedKeys(headers: IncomingHttpHeaders): readonly string[] {
  const keys: string[] = []
  for (const name of keyHeaders) {
    const value = headers[name]
    if (typeof value !== 'string') continue
    const key = readKey(name, value)
    if (key.length > 0 && key.length <= longestKey && !keys.includes(key)) keys.push(key)
  }
  return keys
}

function readKey(header: string, value: string): string {
  const isBearer = /^bearer /iu.test(value)
  if (header === 'authorization') return isBearer ? value.slice(7).trim() : ''
  // LiteLLM's own clients write `x-litellm-api-key: Bearer sk-…`.
  return (isBearer ? value.slice(7) : value).trim()
}
