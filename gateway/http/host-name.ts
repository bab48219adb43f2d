/** A `Host` header taken apart. `name` is lower case, an IPv6 address without its brackets. */
export interface HostName {
  readonly name: string
  /** Undefined when the header names none. */
  readonly port: number | undefined
}

/** Reads `name`, `name:port`, `1.2.3.4:port` or `[v6]:port`; undefined for anything else. */
export function parseHost(text: string): HostName | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/iu.exec(text)
  if (match === null) return undefined
  const name = (match[1] ?? match[2] ?? '').toLowerCase()
  const port = match[3] === undefined ? undefined : Number(match[3])
  if (port !== undefined && port > 65_535) return undefined
  return { name, port }
}

/**
 * True for 127.0.0.0/8, ::1, `localhost` and names under `.localhost`, which no public name server may answer (RFC 6761),
 * so that no foreign page can come to us under such a name.
 */
export function isLoopbackName(name: string): boolean {
  if (name === 'localhost' || name === '127.0.0.1' || name === '::1') return true
  return (
    name.endsWith('.localhost') ||
    /^127\.(?:\d{1,2}|1\d\d|2[0-4]\d|25[0-5])(?:\.(?:\d{1,2}|1\d\d|2[0-4]\d|25[0-5])){2}$/u.test(name)
  )
}

/** True for an address as opposed to a name: `10.1.2.3`, `fe80::1`. */
export function isAddress(name: string): boolean {
  return name.includes(':') || /^\d{1,3}(?:\.\d{1,3}){3}$/u.test(name)
}
