import type { UpstreamFailure } from './upstream-exchange.ts'

const kindByCode: Readonly<Record<string, UpstreamFailure['kind']>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_NODATA: 'dns',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  ETIMEDOUT: 'connect_timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_HEADERS_OVERFLOW: 'invalid_response',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
}

const sentences: Readonly<Record<UpstreamFailure['kind'], string>> = {
  refused: 'refused the connection',
  dns: 'has no address (name not found)',
  unreachable: 'cannot be reached from this network',
  tls: 'has a certificate that is not trusted here',
  connect_timeout: 'did not accept a connection in time',
  reset: 'closed the connection before the answer was complete',
  invalid_response: 'sent something that is not HTTP',
  proxy: 'could not be reached through the proxy',
  other: 'could not be reached',
}

/** The path to a host is gone: its connections were discarded. The sentence part is shown to people. */
export class PathLost extends Error {
  override readonly name = 'PathLost'
  readonly code = 'ENETUNREACH'
  readonly reason: string

  constructor(reason: string) {
    super(`the path is gone: ${reason}`)
    this.reason = reason
  }
}

/** Before a connection stands these are about the proxy, where there is one. */
const aboutProxy: ReadonlySet<UpstreamFailure['kind']> = new Set(['refused', 'dns', 'unreachable', 'connect_timeout'])

/**
 * Puts a transport error of undici or Node into one of our kinds. `host` is shown to people; the original message is not,
 * because it may quote a URL with credentials. `proxy`: host and port of the proxy that the call went through.
 */
export function describeTransportFailure(error: unknown, host: string, proxy?: string): UpstreamFailure {
  const kind = kindOf(error)
  if (proxy !== undefined) {
    const words = proxyWords(error, kind, host)
    if (words !== undefined) return { kind: 'proxy', message: `${host}: the proxy ${proxy} ${words}`, cause: error }
  }
  if (error instanceof PathLost) return { kind, message: `${host} cannot be reached: ${error.reason}`, cause: error }
  return { kind, message: `${host} ${sentences[kind]}`, cause: error }
}

/** The system's or undici's word for a transport error; '' when there is none. */
export function transportCode(error: unknown): string {
  return codeOf(error)
}

/** True for a certificate of an authority that is not known here. */
export function isUntrusted(error: unknown): boolean {
  return isUntrustedCode(codeOf(error))
}

/** The same by the system's word. */
export function isUntrustedCode(code: string): boolean {
  return untrusted.has(code)
}

/** True for every error of a certificate: of its authority, its name, its dates. */
export function isCertificateProblem(code: string): boolean {
  return untrusted.has(code) || code.startsWith('CERT_') || code === 'ERR_TLS_CERT_ALTNAME_INVALID'
}

const untrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
])

/** What the proxy itself did; undefined = the upstream failed behind it. */
function proxyWords(error: unknown, kind: UpstreamFailure['kind'], host: string): string | undefined {
  const text = error instanceof Error ? error.message : ''
  const status = /Proxy response \((\d{3})\)|\((407)\)/.exec(text)
  const code = status?.[1] ?? status?.[2]
  if (code === '407') return 'asks for a user name and password: put them into the proxy variable'
  if (code !== undefined) return `refuses to connect to ${host} (status ${code})`
  if (error instanceof Error && /^(?:SecureProxyConnectionError|ProxyConnectionError)$/.test(error.name))
    return 'broke the connection off'
  return aboutProxy.has(kind) ? sentences[kind] : undefined
}

function kindOf(error: unknown): UpstreamFailure['kind'] {
  const code = codeOf(error)
  const known = kindByCode[code]
  if (known !== undefined) return known
  if (code.startsWith('CERT_') || code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || tlsCodes.has(code))
    return 'tls'
  if (code.startsWith('HPE_')) return 'invalid_response'
  return 'other'
}

const tlsCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'EPROTO',
])

/** A connection tried on several addresses fails with an AggregateError: its first cause decides. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  if (typeof error !== 'object' || error === null) return ''
  const code = (error as { code?: unknown }).code
  if (typeof code === 'string') return code
  return codeOf((error as { cause?: unknown }).cause)
}
