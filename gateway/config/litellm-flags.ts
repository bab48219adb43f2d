interface FlagMeaning {
  /** Values after the flag. */
  readonly values: 0 | 1
  readonly note: string
}

const oneProcess = 'one process serves all requests'
const logs = 'set SIGNALBOX_LOG_LEVEL for more or less in the log'
const inFile = 'models are read from the config file'
const noTls = 'TLS is not served here: put a reverse proxy in front'
const builtIn = 'the built-in database is used'
const nothing = 'it means nothing here'

/** The flags of LiteLLM's proxy command that this gateway has no use for (its own `--config`, `--port`, `--host` apart). */
const flags: Readonly<Record<string, FlagMeaning>> = {
  '--num_workers': { values: 1, note: oneProcess },
  '--run_gunicorn': { values: 0, note: oneProcess },
  '--run_hypercorn': { values: 0, note: oneProcess },
  '--run_granian': { values: 0, note: oneProcess },
  '--max_requests_before_restart': { values: 1, note: oneProcess },
  '--timeout_worker_healthcheck': { values: 1, note: oneProcess },
  '--limit_concurrency': { values: 1, note: nothing },
  '--loop': { values: 1, note: nothing },
  '--debug': { values: 0, note: logs },
  '--detailed_debug': { values: 0, note: logs },
  '--log_config': { values: 1, note: logs },
  '--telemetry': { values: 1, note: 'nothing is ever reported to anybody' },
  '--use_queue': { values: 0, note: nothing },
  '--local': { values: 0, note: nothing },
  '--save': { values: 0, note: nothing },
  '--model': { values: 1, note: inFile },
  '-m': { values: 1, note: inFile },
  '--alias': { values: 1, note: inFile },
  '--api_base': { values: 1, note: inFile },
  '--api_version': { values: 1, note: inFile },
  '--headers': { values: 1, note: inFile },
  '--temperature': { values: 1, note: inFile },
  '--max_tokens': { values: 1, note: inFile },
  '--add_function_to_prompt': { values: 0, note: inFile },
  '--add_key': { values: 1, note: 'keys are read from the environment and the OS keychain' },
  '--drop_params': { values: 0, note: 'write drop_params under litellm_settings in the config file' },
  '--request_timeout': { values: 1, note: 'write request_timeout under litellm_settings in the config file' },
  '--max_budget': { values: 1, note: 'budgets are not in effect in this version' },
  '--keepalive_timeout': { values: 1, note: 'connections are kept for 75 s' },
  '--ssl_keyfile_path': { values: 1, note: noTls },
  '--ssl_certfile_path': { values: 1, note: noTls },
  '--ciphers': { values: 1, note: noTls },
  '--iam_token_db_auth': { values: 0, note: builtIn },
  '--use_prisma_db_push': { values: 0, note: builtIn },
  '--use_prisma_migrate': { values: 0, note: builtIn },
  '--use_v2_migration_resolver': { values: 0, note: builtIn },
  '--enforce_prisma_migration_check': { values: 0, note: builtIn },
  '--skip_db_migration_check': { values: 0, note: builtIn },
  '--skip_server_startup': { values: 0, note: 'the server is started' },
  '--health': { values: 0, note: 'ask /health of the running gateway instead' },
  '--test': { values: 0, note: 'send a request to the running gateway instead' },
  '--test_async': { values: 0, note: 'send a request to the running gateway instead' },
  '--num_requests': { values: 1, note: nothing },
}

export interface LitellmFlags {
  /** The arguments that are none of LiteLLM's, in their order. */
  readonly rest: readonly string[]
  /** One sentence for each of LiteLLM's flags that was given; values are not repeated, one may be a key. */
  readonly notes: readonly string[]
}

/** Takes the flags of LiteLLM's proxy out of a command line. Pure; dashes and underscores in names are the same. */
export function readLitellmFlags(argv: readonly string[]): LitellmFlags {
  const rest: string[] = []
  const notes: string[] = []
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? ''
    const equals = argument.startsWith('--') ? argument.indexOf('=') : -1
    const written = equals === -1 ? argument : argument.slice(0, equals)
    const meaning = meaningOf(written)
    if (meaning === undefined) {
      rest.push(argument)
      continue
    }
    notes.push(`${written} is LiteLLM's and is ignored: ${meaning.note}.`)
    const next = argv[index + 1]
    if (meaning.values === 1 && equals === -1 && next !== undefined && !next.startsWith('--')) index += 1
  }
  return { rest, notes }
}

function meaningOf(written: string): FlagMeaning | undefined {
  const name = written.startsWith('--') ? `--${written.slice(2).replaceAll('-', '_')}` : written
  return Object.hasOwn(flags, name) ? flags[name] : undefined
}
