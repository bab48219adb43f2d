import { isIP } from 'node:net'
import type { BackendPlace, KeyReference, NamedBackend } from '../gateway-config.ts'
import { anyBackend } from '../providers/backend-names.ts'
import { readBaseUrl } from '../providers/base-url.ts'
import type { BackendEntry } from '../schema/backends.ts'
import type { ConfigFile } from '../schema/config-file.ts'
import { entryOf, isEmptyNode } from '../source/source-tree.ts'
import { type CompileContext, locate } from './compile-context.ts'
import { readWrittenKey } from './compile-key.ts'

/** The servers that the file names. One with a problem is left out, and the problem is an error. */
export function compileBackends(file: ConfigFile, context: CompileContext): NamedBackend[] {
  const written = file.backends
  if (written === undefined) return []
  const backends = Array.isArray(written)
    ? written.flatMap((entry) => compileEntry(entry.name, entry, entry, context))
    : [...Object.entries(written), ...emptyEntries(written, context)].flatMap(([name, entry]) =>
        typeof entry === 'string'
          ? compileEntry(name, { url: entry }, written, context, name)
          : compileEntry(name, entry ?? {}, entry ?? written, context, entry === undefined ? name : undefined),
      )
  return withoutRepeats(backends, context)
}

/** Names with nothing behind them, which a reader of values passes over. */
function emptyEntries(written: object, { reader }: CompileContext): (readonly [string, undefined])[] {
  const node = reader.nodeOf(written)
  if (node?.kind !== 'map') return []
  return node.entries.filter((entry) => isEmptyNode(entry.node)).map(({ key }) => [key, undefined] as const)
}

/** @param owner the object that has a place in the file, and `key` the entry in it where that is not the entry itself */
function compileEntry(
  name: string,
  entry: BackendEntry,
  owner: object,
  context: CompileContext,
  key?: string,
): NamedBackend[] {
  const where = locate(context, owner, key)
  const fail = (message: string, wanted: string, at = where): [] => {
    context.problems.error({ ...at, message, wanted })
    return []
  }
  if (!/^[\w.-]{1,64}$/.test(name) || name === anyBackend) {
    const wanted = `a name of letters, digits, . _ and -, other than ${anyBackend}`
    return fail(`the backend ${JSON.stringify(name.slice(0, 80))} must have ${wanted}`, wanted)
  }
  const place = placeOf(entry)
  if (typeof place === 'string') return fail(`${name}: ${place}`, 'url: http://host:port, or host: name')
  const node = context.reader.nodeOf(owner)
  const keyNode = key === undefined ? entryOf(node, 'api_key')?.node : undefined
  const apiKey: KeyReference = readWrittenKey(keyNode, context) ?? { kind: 'none' }
  return [
    {
      name,
      place,
      vendor: entry.vendor,
      apiKey,
      network: entry.network,
      enabled: entry.enabled ?? true,
      line: where.place?.line ?? 0,
    },
  ]
}

/** The place, or what is wrong with it. */
function placeOf({ url, host }: BackendEntry): BackendPlace | string {
  if (url !== undefined && host !== undefined) return 'url and host are both there; keep one of them'
  if (host !== undefined) {
    const bare = host.trim().toLowerCase().replace(/\.$/, '')
    const name = isIP(bare) === 6 ? `[${bare}]` : bare
    if (/^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$/.test(name)) return { kind: 'host', host: name }
    return `host is ${JSON.stringify(host.slice(0, 80))}, must be a host name or address without scheme and port; with a port write url`
  }
  if (url === undefined) return 'it has no address. Write url: http://host:port, or host: name'
  const text = url.trim()
  // URLs take a bare number for an address: 11434 would be 0.0.44.170.
  if (/^\d*$/.test(text))
    return `url is ${JSON.stringify(text)}, must be an address such as http://host:${text || 8000}`
  const plain = isIP(text) === 6 ? `http://[${text}]` : `http://${text}`
  const reading = readBaseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : plain, { appendV1: false })
  if (reading.kind === 'wrong') {
    return `url is ${reading.hide ? 'hidden' : JSON.stringify(url.slice(0, 120))}, must be ${reading.wanted}`
  }
  // What is asked for is the server: its wires know their paths themselves.
  return { kind: 'url', url: reading.url.replace(/\/v1$/, '') }
}

/** Two names for one server would be one server with one of the names. */
function withoutRepeats(backends: readonly NamedBackend[], context: CompileContext): NamedBackend[] {
  return backends.filter((backend, index) => {
    const earlier = backends.slice(0, index)
    const refuse = (message: string, seen: string, wanted: string): false => {
      context.problems.error({ place: { line: backend.line, column: 1 }, message, seen, wanted })
      return false
    }
    if (earlier.some(({ name }) => name === backend.name)) {
      const message = `the backend ${backend.name} is there twice. Give one of them another name`
      return refuse(message, backend.name, 'a name of its own')
    }
    const twin = earlier.find(({ place }) => placeText(place) === placeText(backend.place))
    if (twin === undefined || !backend.enabled || !twin.enabled) return true
    const message = `the backend ${backend.name} is the same server as ${twin.name}. Keep one of them`
    return refuse(message, placeText(backend.place), 'a server of its own')
  })
}

function placeText(place: BackendPlace): string {
  if (place.kind === 'host') return place.host
  const { protocol, hostname, port, pathname } = new URL(place.url)
  const host = /^(?:localhost|127\.0\.0\.1|\[::1?\]|0\.0\.0\.0)$/.test(hostname) ? '127.0.0.1' : hostname
  return `${protocol}//${host}:${port}${pathname}`
}
