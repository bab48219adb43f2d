import type { KeyReference, NamedBackend } from '../../config/gateway-config.ts'
import { type BackendVendor, vendorOf } from '../../config/providers/backend-names.ts'
import type { BackendSource, RememberedBackend } from '../backend.ts'
import { vendorCards } from '../identify/identify.ts'
import { environmentUrls } from './environment.ts'

/** A place where a server of models is, or may be. */
export interface Target {
  /** Scheme, host and port, with a path if the user wrote one. */
  readonly url: string
  /** Undefined = it gets one from what it turns out to be. */
  readonly name: string | undefined
  /** What it must be, in the user's words. */
  readonly vendor: BackendVendor | undefined
  /** What it was when it was last seen. */
  readonly formerVendor?: BackendVendor
  readonly source: BackendSource
  readonly apiKey: KeyReference
  readonly network: NamedBackend['network']
  /** False for one of many ports of a named host: it is shown only once it was there. */
  readonly expected: boolean
  readonly isLoopback: boolean
}

/** Every port on which some kind of server is at home. */
export const knownPorts: readonly number[] = [...new Set(vendorCards.flatMap(({ ports }) => ports))]

const noKey: KeyReference = { kind: 'none' }

/** Targets that the config names. `ports` replaces the known ones (for hosts without a port). */
export function namedTargets(named: readonly NamedBackend[], ports: readonly number[] = knownPorts): Target[] {
  return named
    .filter(({ enabled }) => enabled)
    .flatMap((backend) => {
      const { name, apiKey, network, place } = backend
      const vendor = backend.vendor === undefined ? undefined : vendorOf(backend.vendor)
      const shared = { name, vendor, apiKey, network, source: 'config' as const }
      if (place.kind === 'url') return [target({ ...shared, url: place.url, expected: true })]
      const own = vendorCards.find(({ id }) => id === vendor)?.ports
      return (own ?? ports).map((port, index) =>
        target({ ...shared, url: `http://${place.host}:${port}`, expected: own !== undefined && index === 0 }),
      )
    })
}

/** Targets that the environment names. A variable tells where to look, not what is there: the vendor is proven like any other. */
export function environmentTargets(environment: Readonly<Record<string, string | undefined>>): Target[] {
  return environmentUrls(environment).map((url) =>
    target({
      url,
      name: undefined,
      vendor: undefined,
      source: 'environment',
      apiKey: noKey,
      network: undefined,
      expected: false,
    }),
  )
}

/** Targets that were there in an earlier run. */
export function rememberedTargets(remembered: readonly RememberedBackend[]): Target[] {
  return remembered.flatMap(({ url, vendor, isNamed }) =>
    vendor === undefined || isNamed === true
      ? []
      : target({
          url,
          name: undefined,
          vendor: undefined,
          formerVendor: vendor,
          source: 'remembered',
          apiKey: noKey,
          network: undefined,
          expected: true,
        }),
  )
}

/** A port of this machine on which somebody listens. */
export function listenerTarget(host: string, port: number): Target {
  return target({
    url: `http://${host}:${port}`,
    name: undefined,
    vendor: undefined,
    source: knownPorts.includes(port) ? 'port' : 'socket',
    apiKey: noKey,
    network: undefined,
    expected: false,
  })
}

function target(given: Omit<Target, 'isLoopback'>): Target {
  return { ...given, isLoopback: isLoopbackUrl(given.url) }
}

/**
 * The origin of an address in the one form by which servers are compared: every name of loopback is `127.0.0.1`. Undefined
 * for what is no address.
 */
export function sameServerKey(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, port } = new URL(url)
  const usual = protocol === 'https:' ? '443' : '80'
  return `${protocol}//${isLoopbackHost(hostname) ? '127.0.0.1' : hostname}:${port === '' ? usual : port}`
}

export function portOf(url: string): number {
  const { port, protocol } = new URL(url)
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname)
}

function isLoopbackHost(hostname: string): boolean {
  return /^(?:localhost|\[::1?\]|0\.0\.0\.0)$/.test(hostname) || hostname.startsWith('127.')
}
