import type { BackendPlace, KeyReference, NamedBackend } from '../gateway-config.ts'
import { anyBackend } from '../providers/backend-names.ts'
import { readBaseUrl } from '../providers/base-url.ts'
import type { BackendEntry } from '../schema/backends.ts'
import type { ConfigFile } from '../schema/config-file.ts'
import { entryOf } from '../source/source-tree.ts'
import { type CompileContext, locate } from './compile-context.ts'
import { readWrittenKey } from './compile-key.ts'

/** The servers that the file names. One with a problem is left out, and the problem is an error. */
export function compileBackends(file: ConfigFile, context: CompileContext): NamedBackend[] {
  const written = file.backends
  if (written === undefined) return []
  if (Array.isArray(written)) {
    return withoutRepeats(
      written.flatMap((entry) => compileEntry(entry.name, entry, entry, context)),
      context,
    )
  }
  return Object.entries(written).flatMap(([name, entry]) =>
    typeof entry === 'string'
      ? compileEntry(name, { url: entry }, written, context, name)
      : compileEntry(name, entry, entry, context),
  )
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
    const name = host.trim().toLowerCase()
    if (/^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$/.test(name)) return { kind: 'host', host: name }
    return `host is ${JSON.stringify(host.slice(0, 80))}, must be a host name or address without scheme and port; with a port write url`
  }
  if (url === undefined) return 'it has no address. Write url: http://host:port, or host: name'
  const reading = readBaseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(url.trim()) ? url : `http://${url.trim()}`, {
    appendV1: false,
  })
  if (reading.kind === 'wrong') {
    return `url is ${reading.hide ? 'hidden' : JSON.stringify(url.slice(0, 120))}, must be ${reading.wanted}`
  }
  // What is asked for is the server: its wires know their paths themselves.
  return { kind: 'url', url: reading.url.replace(/\/v1$/, '') }
}

function withoutRepeats(backends: readonly NamedBackend[], context: CompileContext): NamedBackend[] {
  return backends.filter((backend, index) => {
    const first = backends.findIndex(({ name }) => name === backend.name)
    if (first === index) return true
    context.problems.error({
      place: { line: backend.line, column: 1 },
      message: `the backend ${backend.name} is there twice. Give one of them another name`,
      seen: backend.name,
      wanted: 'a name of its own',
    })
    return false
  })
}
