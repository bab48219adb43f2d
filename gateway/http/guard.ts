import type { AccessClass } from '../access/identity.ts'
import type { SignalboxSettings } from '../config/gateway-config.ts'
import { GatewayError } from '../model/errors.ts'
import { isFormType } from '../model/upload-form.ts'
import { type HostName, isAddress, isLoopbackName, parseHost } from './host-name.ts'

/** The part of a request that is judged before anything else is read. Header values as Node joins them. */
export interface GuardedRequest {
  readonly method: string
  /** The request target as sent: a path, or an absolute URL from a client that takes us for a proxy. */
  readonly target: string
  readonly headers: {
    readonly host?: string | undefined
    readonly origin?: string | undefined
    readonly 'sec-fetch-site'?: string | string[] | undefined
    readonly 'content-type'?: string | undefined
    readonly 'content-encoding'?: string | undefined
    readonly 'content-length'?: string | undefined
    readonly 'transfer-encoding'?: string | undefined
  }
  /** How many `Host` headers came. */
  readonly hostCount: number
}

export interface GuardSettings {
  readonly signalbox: Pick<SignalboxSettings, 'allowedHosts' | 'allowDockerHost'>
  /** True when an address other than loopback is listened on: then the machine's own addresses are valid hosts too. */
  readonly boundWider: boolean
  /** Asked only for addresses that are not loopback, and only when bound wider. */
  readonly isOwnAddress: (address: string) => boolean
}

/**
 * The safety of every route, before its key is looked at: who the client believes it talks to (DNS rebinding), which page
 * sent it (CSRF), and whether a form could have sent the body. Pure.
 *
 * `takesForms` is true on the few routes for uploads, where `multipart/form-data` is taken too: they need a key like all
 * others, which is read from headers alone, so no form of a foreign page can bring one, and origins are judged first.
 * @returns the refusal, or undefined when the request may go on
 */
export function judgeRequest(
  request: GuardedRequest,
  access: AccessClass,
  settings: GuardSettings,
  takesForms = false,
): GatewayError | undefined {
  const hostRefusal = judgeHost(request, settings)
  if (hostRefusal !== undefined) return hostRefusal
  if (access === 'ui' && (request.method === 'GET' || request.method === 'HEAD')) return undefined
  return judgeOrigin(request, settings) ?? judgeContentType(request, takesForms)
}

function judgeHost(request: GuardedRequest, settings: GuardSettings): GatewayError | undefined {
  const { host } = request.headers
  if (host === undefined || host === '' || request.hostCount !== 1) {
    return new GatewayError('foreign_host', 'The request must have exactly one Host header.')
  }
  const authority = targetAuthority(request.target)
  for (const name of authority === undefined ? [host] : [host, authority]) {
    if (!isAllowedHost(name, settings)) return foreignHost(name)
  }
  return undefined
}

/** The authority of an absolute-form target; undefined for a path. Anything else is taken whole, and then is no host. */
function targetAuthority(target: string): string | undefined {
  if (target.startsWith('/')) return undefined
  return /^https?:\/\/([^/?#]*)/iu.exec(target)?.[1] ?? target
}

function isAllowedHost(text: string, settings: GuardSettings): boolean {
  const host = parseHost(text)
  if (host === undefined) return false
  return isLoopbackName(host.name) || isDeclaredHost(host, settings) || isOwnHost(host, settings)
}

function isOwnHost(host: HostName, settings: GuardSettings): boolean {
  if (settings.signalbox.allowDockerHost && host.name === 'host.docker.internal') return true
  return settings.boundWider && isAddress(host.name) && settings.isOwnAddress(host.name)
}

/** `signalbox.allowed_hosts` entries hold for any port unless they name one. */
function isDeclaredHost(host: HostName, settings: GuardSettings): boolean {
  return settings.signalbox.allowedHosts.some((entry) => {
    const allowed = parseHost(entry) ?? parseHost(`[${entry}]`)
    if (allowed === undefined || allowed.name !== host.name) return false
    return allowed.port === undefined || allowed.port === host.port
  })
}

function judgeOrigin(request: GuardedRequest, settings: GuardSettings): GatewayError | undefined {
  const { origin, host } = request.headers
  if (origin !== undefined && !isOwnOrigin(origin, host ?? '', settings)) {
    return new GatewayError(
      'foreign_origin',
      `A page of ${quoted(origin)} sent this request. Only the interface served by the gateway itself may call it from a browser.`,
    )
  }
  const site = request.headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return undefined
  return new GatewayError(
    'foreign_origin',
    `A browser sent this request for a ${quoted(String(site))} page. Only the interface served by the gateway itself may call it from a browser.`,
  )
}

/** Our origin is `http://` and the Host; behind a TLS proxy, which must be declared in `allowed_hosts`, also `https://`. */
function isOwnOrigin(origin: string, host: string, settings: GuardSettings): boolean {
  const wanted = host.toLowerCase()
  if (origin === `http://${wanted}`) return true
  const parsed = parseHost(host)
  return parsed !== undefined && origin === `https://${wanted}` && isDeclaredHost(parsed, settings)
}

function judgeContentType(request: GuardedRequest, takesForms: boolean): GatewayError | undefined {
  if (!hasBody(request)) return undefined
  const wanted = takesForms ? '`content-type: multipart/form-data`' : '`content-type: application/json`'
  const contentType = request.headers['content-type']
  if (contentType === undefined) {
    return new GatewayError('unsupported_media_type', `The body has no content type; send ${wanted}.`)
  }
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return new GatewayError(
      'unsupported_media_type',
      `The body is compressed (content-encoding ${quoted(encoding)}); send it uncompressed.`,
    )
  }
  if (isJsonType(contentType) || (takesForms && isFormType(contentType))) return undefined
  return new GatewayError('unsupported_media_type', `The body came as ${quoted(contentType)}; send ${wanted}.`)
}

function hasBody(request: GuardedRequest): boolean {
  if (request.headers['transfer-encoding'] !== undefined) return true
  const length = request.headers['content-length']
  return length !== undefined && length !== '0'
}

/** `application/json` and `application/<anything>+json`, parameters allowed. */
function isJsonType(contentType: string): boolean {
  return contentType === 'application/json' || /^application\/(?:[\w.!#$&^-]+\+)?json[ \t]*(?:;|$)/iu.test(contentType)
}

function foreignHost(host: string): GatewayError {
  return new GatewayError(
    'foreign_host',
    `The request is for the host ${quoted(host)}, which is not this machine's own name. Add it to signalbox.allowed_hosts if it should be.`,
  )
}

/** A value from the request in a message: short and printable. */
function quoted(value: string): string {
  return `"${value.slice(0, 120).replaceAll(/[^\x20-\x7e]/gu, '?')}"`
}
