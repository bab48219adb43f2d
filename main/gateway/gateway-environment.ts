import { linkAmong } from '../links/deep-link.ts'

/** Variables that would change how the child itself runs, and mean nothing to it. Names starting with ELECTRON_ go too. */
const dropped = new Set([
  'NODE_OPTIONS',
  'NODE_PATH',
  'DEBUG',
  'LD_PRELOAD',
  'DYLD_INSERT_LIBRARIES',
  'NODE_CHANNEL_FD',
])

/** The environment of the gateway process: the user's own, which holds the provider keys, without what would alter the runtime. */
export function gatewayEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const result: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    const upper = name.toUpperCase()
    if (value !== undefined && !dropped.has(upper) && !upper.startsWith('ELECTRON_')) result[name] = value
  }
  return result
}

const gatewayFlags = new Set(['--config', '--port', '--host', '--data-dir'])

/**
 * The flags for the gateway among the arguments of the app, as `--name value` pairs. Everything else (Chromium's own
 * switches, a path the desktop added) is left out, so an unknown word cannot stop the gateway from starting. A start by a
 * link has none: some systems let a link from a web page end its own argument and begin others.
 */
export function gatewayArguments(argumentList: readonly string[]): string[] {
  if (linkAmong(argumentList) !== undefined) return []
  const result: string[] = []
  for (const [index, argument] of argumentList.entries()) {
    const [name = '', ...rest] = argument.split('=')
    if (!gatewayFlags.has(name)) continue
    const value = argument.includes('=') ? rest.join('=') : argumentList[index + 1]
    if (value !== undefined) result.push(name, value)
  }
  return result
}

/** The pairs with another port than the one they name. */
export function withPort(pairs: readonly string[], port: number | undefined): string[] {
  return port === undefined ? [...pairs] : [...pairs, '--port', String(port)]
}

/** The value of a flag in the pairs that gatewayArguments gives. */
export function flagValue(pairs: readonly string[], name: string): string | undefined {
  const index = pairs.lastIndexOf(name)
  return index === -1 ? undefined : pairs[index + 1]
}
