import { BlockList, isIP } from 'node:net'

/** A proxy for calls to upstreams. */
export interface ProxyAddress {
  /** With its credentials: never shown, never logged. */
  readonly uri: string
  /** Host and port, for people. */
  readonly shown: string
}

export interface ProxySettings {
  /** Undefined = straight. `address`: absolute URL of an upstream. */
  readonly proxyFor: (address: string) => ProxyAddress | undefined
  /** What the variables name, without credentials: `HTTPS_PROXY proxy.example:8080`. */
  readonly named: readonly string[]
  /** Sentences about variables that cannot be used. */
  readonly problems: readonly string[]
}

type Environment = Readonly<Record<string, string | undefined>>

const schemes: ReadonlySet<string> = new Set(['http:', 'https:', 'socks5:', 'socks:'])

/**
 * Reads HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY as curl and most clients do: lower case wins, a scheme may be left
 * out, `NO_PROXY` holds names (with all below them), addresses, networks (`10.0.0.0/8`), each with or without a port, or
 * `*`. This machine is never asked through a proxy. Pure.
 */
export function readProxySettings(environment: Environment): ProxySettings {
  const problems: string[] = []
  const named: string[] = []
  const read = (name: string): ProxyAddress | undefined => {
    const written = valueOf(environment, name)
    if (written === undefined) return undefined
    const address = proxyAddress(written)
    if (address === undefined) problems.push(`${name} is no address of a proxy; wanted is http://host:port.`)
    else named.push(`${name} ${address.shown}`)
    return address
  }
  const all = read('ALL_PROXY')
  const bySchema: Readonly<Record<string, ProxyAddress | undefined>> = {
    'https:': read('HTTPS_PROXY') ?? all,
    'http:': read('HTTP_PROXY') ?? all,
  }
  const exceptions = (valueOf(environment, 'NO_PROXY') ?? '').split(/[\s,]+/).filter((entry) => entry !== '')
  return {
    proxyFor: (address) => {
      const url = new URL(address)
      const proxy = bySchema[url.protocol]
      return proxy === undefined || isThisMachine(hostOf(url)) || isExcepted(url, exceptions) ? undefined : proxy
    },
    named,
    problems,
  }
}

/** No variable says anything. */
export const noProxies: ProxySettings = { proxyFor: () => undefined, named: [], problems: [] }

function valueOf(environment: Environment, name: string): string | undefined {
  const value = (environment[name.toLowerCase()] ?? environment[name])?.trim()
  return value === '' ? undefined : value
}

function proxyAddress(written: string): ProxyAddress | undefined {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written.replace(/^socks5h:/i, 'socks5:') : `http://${written}`
  const url = URL.parse(text)
  if (url === null || !schemes.has(url.protocol) || url.hostname === '') return undefined
  return { uri: url.href, shown: url.host }
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
}

function isThisMachine(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    host.startsWith('127.') ||
    host === '0.0.0.0'
  )
}

function isExcepted(url: URL, exceptions: readonly string[]): boolean {
  const host = hostOf(url)
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return exceptions.some((entry) => {
    if (entry === '*') return true
    const [, bracketed, plain, wantedPort] = /^(?:\[([^\]]+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? []
    if (wantedPort !== undefined && wantedPort !== port) return false
    return matchesHost(host, (bracketed ?? plain ?? '').toLowerCase())
  })
}

function matchesHost(host: string, wanted: string): boolean {
  if (wanted.includes('/')) return isInNetwork(host, wanted)
  const name = wanted.replace(/^\*?\./, '')
  return name !== '' && (host === name || (isIP(host) === 0 && host.endsWith(`.${name}`)))
}

function isInNetwork(host: string, network: string): boolean {
  const family = isIP(host)
  const [address = '', bits] = network.split('/')
  if (family === 0 || isIP(address) !== family) return false
  const list = new BlockList()
  const type = family === 4 ? 'ipv4' : 'ipv6'
  try {
    list.addSubnet(address, Number(bits), type)
    return list.check(host, type)
  } catch {
    return false
  }
}
