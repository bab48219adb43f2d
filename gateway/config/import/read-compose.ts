import { parseEnv } from 'node:util'
import { parse } from 'yaml'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

/** What a Compose file says of the gateway that it runs; paths as written, relative to its folder. */
export interface ComposeStack {
  /** The config file on this side of the mount; undefined when none is mounted. */
  readonly configPath: string | undefined
  readonly providersPath: string | undefined
  readonly envFiles: readonly string[]
  /** Variables of the container, `${NAME}` still in them. */
  readonly environment: ReadonlyMap<string, string>
  /** Port on this machine; undefined when none is published. */
  readonly port: number | undefined
  /** Other services, which are not needed any more. */
  readonly otherServices: readonly string[]
}

/** Reads a Compose file leniently: it belongs to another program. Undefined when no service in it looks like LiteLLM. */
export function readCompose(text: string): ComposeStack | undefined {
  const services = objectAt(readYamlObject(text), 'services')
  const found = Object.entries(services).find(([name, service]) => isLiteLlm(name, service))
  if (found === undefined || !isJsonObject(found[1])) return undefined
  const [name, service] = found
  const mounts = listAt(service, 'volumes').flatMap(readMount)
  const inContainer = configArgument(listAt(service, 'command'), service.command)
  const mounted = (match: (target: string) => boolean) => mounts.find(({ target }) => match(target))?.source
  return {
    configPath:
      mounted((target) => target === inContainer) ?? mounted((target) => /(^|\/)[^/]*config[^/]*\.ya?ml$/.test(target)),
    providersPath: mounted((target) => target.endsWith('/providers.json')),
    envFiles: envFilesOf(service.env_file),
    environment: environmentOf(service.environment),
    port: listAt(service, 'ports').flatMap(readPort)[0],
    otherServices: Object.keys(services).filter((other) => other !== name),
  }
}

/** Values of a container's variables: `${NAME}`, `${NAME:-default}` and `$NAME` from `known`, `$$` a dollar. Empty ones are left out. */
export function fillIn(
  environment: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, string>,
): Map<string, string> {
  const filled = new Map<string, string>()
  for (const [name, written] of environment) {
    const value = written.replaceAll(
      /\$(?:\$|\{(\w+)(?::?[-?+]([^}]*))?\}|(\w+))/g,
      (all, braced?: string, fallback?: string, bare?: string) => {
        if (all === '$$') return '$'
        return known.get(braced ?? bare ?? '') ?? (all.includes('-') ? (fallback ?? '') : '')
      },
    )
    if (value !== '') filled.set(name, value)
  }
  return filled
}

/** The variables of a `.env` file; empty ones are left out. */
export function readEnvFile(text: string): Map<string, string> {
  return new Map(Object.entries(parseEnv(text)).flatMap(([name, value]) => (value ? [[name, value] as const] : [])))
}

function readYamlObject(text: string): JsonValue | undefined {
  try {
    return parse(text, { merge: true, logLevel: 'silent', uniqueKeys: false }) as JsonValue
  } catch {
    return undefined
  }
}

function isLiteLlm(name: string, service: JsonValue): boolean {
  const image = isJsonObject(service) ? service.image : undefined
  return /litellm/i.test(name) || (typeof image === 'string' && /litellm/i.test(image) && !/database|redis/i.test(name))
}

function objectAt(value: JsonValue | undefined, key: string): JsonObject {
  const found = isJsonObject(value) ? value[key] : undefined
  return isJsonObject(found) ? found : {}
}

function listAt(owner: JsonObject, key: string): readonly JsonValue[] {
  const found = owner[key]
  return Array.isArray(found) ? found : []
}

function readMount(entry: JsonValue): { source: string; target: string }[] {
  if (isJsonObject(entry)) {
    const { source, target } = entry
    return typeof source === 'string' && typeof target === 'string' ? [{ source, target }] : []
  }
  const [source, target] = typeof entry === 'string' ? entry.split(':') : []
  return source !== undefined && target !== undefined ? [{ source, target }] : []
}

/** The file behind `--config`, in a list or in one line. */
function configArgument(list: readonly JsonValue[], command: JsonValue | undefined): string | undefined {
  const words = typeof command === 'string' ? command.split(/\s+/) : list.filter((word) => typeof word === 'string')
  const at = words.findIndex((word) => word === '--config' || word === '-c')
  return at === -1 ? words.find((word) => word.startsWith('--config='))?.slice('--config='.length) : words[at + 1]
}

function envFilesOf(value: JsonValue | undefined): readonly string[] {
  const entries = Array.isArray(value) ? value : [value]
  return entries.flatMap((entry) => {
    const path = isJsonObject(entry) ? entry.path : entry
    return typeof path === 'string' ? [path] : []
  })
}

/** A block of names, or a list of `NAME=value` and of `NAME`, which is passed on from outside. */
function environmentOf(value: JsonValue | undefined): Map<string, string> {
  if (isJsonObject(value)) {
    return new Map(Object.entries(value).map(([name, entry]) => [name, textOf(entry) ?? `\${${name}}`]))
  }
  const entries = Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []
  return new Map(
    entries.map((entry) => {
      const at = entry.indexOf('=')
      return at === -1 ? [entry, `\${${entry}}`] : [entry.slice(0, at), entry.slice(at + 1)]
    }),
  )
}

function textOf(value: JsonValue): string | undefined {
  return typeof value === 'object' ? undefined : String(value)
}

/** `4000:4000`, `127.0.0.1:4000:4000`, `4000:4000/tcp` or `{published, target}`. */
function readPort(entry: JsonValue): number[] {
  const published = isJsonObject(entry) ? entry.published : textOf(entry)?.split('/')[0]?.split(':').at(-2)
  const port = Number(published)
  return Number.isInteger(port) && port > 0 && port < 65_536 ? [port] : []
}
