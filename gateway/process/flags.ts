import { nearestName } from '../config/source/nearest-name.ts'
import { readLitellmFlags } from '../config/litellm-flags.ts'

export interface GatewayFlags {
  readonly config: string | undefined
  readonly dataDir: string | undefined
  readonly host: string | undefined
  /** 0 takes any free port. */
  readonly port: number | undefined
  readonly action: 'run' | 'help' | 'version'
  /** Sentences about LiteLLM's flags that have no effect here. */
  readonly notes: readonly string[]
  /** Sentences about flags that cannot be used. Not empty = do not start. */
  readonly problems: readonly string[]
}

const valueFlags: Readonly<Record<string, 'config' | 'dataDir' | 'host' | 'port'>> = {
  '--config': 'config',
  '-c': 'config',
  '--data-dir': 'dataDir',
  '--host': 'host',
  '--port': 'port',
}

const actionFlags: Readonly<Record<string, 'help' | 'version'>> = {
  '--help': 'help',
  '-h': 'help',
  '--version': 'version',
  '-v': 'version',
}

/** Reads the command line of the gateway. Pure: `argv` without the program's own two entries. LiteLLM's flags give notes. */
export function readGatewayFlags(argv: readonly string[]): GatewayFlags {
  const values = new Map<string, string>()
  const problems: string[] = []
  const others: string[] = []
  let action: GatewayFlags['action'] = 'run'
  for (let index = 0; index < argv.length; index += 1) {
    const { flag, inline } = splitFlag(argv[index] ?? '')
    const name = valueFlags[flag]
    if (name === undefined) {
      action = actionFlags[flag] ?? action
      if (actionFlags[flag] === undefined) others.push(argv[index] ?? '')
      continue
    }
    const value = inline ?? argv[index + 1]
    if (inline === undefined) index += 1
    if (value === undefined || value === '' || (inline === undefined && value.startsWith('-'))) {
      problems.push(`${flag} needs a value after it.`)
    } else values.set(name, value)
  }
  const litellm = readLitellmFlags(others)
  problems.push(...litellm.rest.map(unknownFlag))
  return {
    config: values.get('config'),
    dataDir: values.get('dataDir'),
    host: values.get('host'),
    port: readPort(values.get('port'), problems),
    action,
    notes: litellm.notes,
    problems,
  }
}

/** `--flag=value` in two; only long flags have an inline value. */
function splitFlag(argument: string): { flag: string; inline: string | undefined } {
  const equals = argument.startsWith('--') ? argument.indexOf('=') : -1
  if (equals === -1) return { flag: argument, inline: undefined }
  return { flag: argument.slice(0, equals), inline: argument.slice(equals + 1) }
}

function readPort(text: string | undefined, problems: string[]): number | undefined {
  if (text === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  problems.push(`--port is ${JSON.stringify(text)}, and must be a whole number from 0 to 65535 (0 = any free port).`)
  return undefined
}

function unknownFlag(argument: string): string {
  if (!argument.startsWith('-')) return `${JSON.stringify(argument)} is not expected here: only flags are. See --help.`
  const { flag } = splitFlag(argument)
  const nearest = nearestName(flag, [...Object.keys(valueFlags), ...Object.keys(actionFlags)])
  return `${flag} is not a flag of the gateway.${nearest === undefined ? '' : ` ${nearest} is.`} See --help.`
}

export const gatewayHelp = `Usage: npm run gateway -- [--config FILE] [--port N] [--host ADDRESS] [--data-dir FOLDER]

  --config, -c FILE    the config file (default: config.yaml in the platform's place, written at first start)
  --port N             the port (default: signalbox.port of the config, else 4000; 0 = any free port)
  --host ADDRESS       the address to listen on (default: 127.0.0.1)
  --data-dir FOLDER    holds everything: config, database, logs (also: SIGNALBOX_DATA_DIR)
  --version, -v        print the version
  --help, -h           print this

Flags of LiteLLM's proxy are accepted; those that mean nothing here are named at the start.
Environment: LITELLM_MASTER_KEY, SIGNALBOX_DATA_DIR, SIGNALBOX_DISCOVER=0, SIGNALBOX_KEYCHAIN=0, SIGNALBOX_LOG_LEVEL.
Exit codes: 0 stopped, 1 failed, 2 bad config or flags, 3 port taken.
`
