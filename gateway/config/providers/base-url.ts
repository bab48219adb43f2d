/** A base URL as it will be used, or why it cannot be. */
export type BaseUrlReading =
  | { readonly kind: 'url'; readonly url: string; readonly removed: string | undefined }
  | { readonly kind: 'wrong'; readonly wanted: string; readonly hide: boolean }

const wanted = 'an address such as http://host:8000/v1'

/**
 * Brings a base URL into the one form used everywhere: http or https, no slash at the end, no repeated `/v1`, and without
 * the path of an endpoint, which `removed` then names. Credentials in it are refused and never shown.
 */
export function readBaseUrl(text: string, options: { readonly appendV1: boolean }): BaseUrlReading {
  const trimmed = text.trim()
  const credentials = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(trimmed)
  if (credentials)
    return { kind: 'wrong', wanted: 'an address without user name and password; write the key as api_key', hide: true }
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return { kind: 'wrong', wanted: `${wanted}, starting with http:// or https://`, hide: false }
  }
  if (url.search !== '' || url.hash !== '') return { kind: 'wrong', wanted: `${wanted}, without ? and #`, hide: true }
  const endpoint = /\/(?:chat\/completions|completions|messages|responses|embeddings)\/*$/.exec(url.pathname)
  let path = url.pathname.slice(0, endpoint?.index ?? url.pathname.length).replace(/\/+$/, '')
  path = path.replace(/(?:\/v1)+$/, '/v1')
  if (options.appendV1 && !path.endsWith('/v1')) path = `${path}/v1`
  return { kind: 'url', url: `${url.origin}${path}`, removed: endpoint?.[0] }
}

/**
 * The base of one wire under a provider's base. Gemini's own API and its OpenAI-compatible one stand under different paths
 * (`/v1beta` and `/v1beta/openai`), Ollama's own API beside `/v1`; everywhere else all wires share a base.
 */
export function wireBase(wire: string, base: string): string {
  if (wire === 'gemini') return base.replace(/\/openai$/, '')
  if (wire === 'ollama') return base.replace(/\/v1$/, '')
  if (wire === 'openai-compatible' && base === geminiBase) return `${base}/openai`
  return base
}

const geminiBase = 'https://generativelanguage.googleapis.com/v1beta'

/** True when both bases point to the same scheme, host and port. */
export function sameOrigin(left: string, right: string): boolean {
  return URL.canParse(left) && URL.canParse(right) && new URL(left).origin === new URL(right).origin
}
