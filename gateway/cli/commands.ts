import { once } from 'node:events'
import type { Command } from 'commander'
import { spendFilters } from '../contract/spend-filters.ts'
import { printError } from '../logging/terminal.ts'
import { resolvePaths } from '../process/paths.ts'
import { platformDirectories } from '../process/platform-directories.ts'
import type { BackendsOptions } from './backends.ts'
import type { AuditOptions } from './audit.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { CommandFailure } from './command-failure.ts'
import type { ExportOptions } from './export/export-agent.ts'
import type { ImportOptions } from './import/import-stack.ts'
import type { KeyOptions } from './key-options.ts'
import type { KeysCreateOptions } from './keys.ts'
import type { SyncOptions } from './models-sync.ts'
import type { RouteOptions } from './route.ts'
import type { RepriceOptions } from './spend-reprice.ts'
import type { SpendOptions } from './spend.ts'

interface CommonOptions {
  readonly dataDir?: string
  readonly config?: string
  readonly json?: boolean
}

type Finish = (exitCode: number) => void

/** Adds every command. Each loads its own module when it runs, so that `keys show` does not load the router's word lists. */
export function addCommands(program: Command, finish: Finish): void {
  program.command('serve').description('run the gateway (the flags of `npm run gateway`; see serve --help)')
  addRoute(program, finish)
  addKeys(program, finish)
  addSpend(program, finish)
  addCache(program, finish)
  addAudit(program, finish)
  addPlain(program, finish)
  addImport(program, finish)
  addExport(program, finish)
}

function addRoute(program: Command, finish: Finish): void {
  common(program.command('route'))
    .description('show which tier a prompt reaches and why; sends it nowhere')
    .argument('[prompt]', 'the user message')
    .option('--router <name>', 'the router (default: the first of the config, else demo-router)')
    .option('--system <text>', 'a system message')
    .option('--cases <file>', 'route every request of a JSON Lines file instead (- = standard input)')
    .option('--live', 'ask the running gateway, with its switches, instead of the config file')
    .action(async (prompt: string | undefined, options: CommonOptions & RouteOptions & { cases?: string }) => {
      const context = createContext(options)
      if (options.cases !== undefined) {
        if (prompt !== undefined) throw new CommandFailure('Give a prompt or --cases, not both.')
        const { routeCases } = await import('./route-cases.ts')
        return finish(await routeCases(context, options.cases, options))
      }
      if (prompt === undefined)
        throw new CommandFailure('Give a prompt: route "<prompt>", or a file of requests with --cases.')
      const { route } = await import('./route.ts')
      return finish(await route(context, prompt, options))
    })
}

function addKeys(program: Command, finish: Finish): void {
  const keys = program.command('keys').description('the master key and virtual keys')
  common(keys.command('show').description('print the master key')).action(
    run(finish, async (context) => (await import('./keys.ts')).keysShow(context)),
  )
  common(keys.command('list').description('list virtual and management keys')).action(
    run(finish, async (context) => (await import('./keys.ts')).keysList(context)),
  )
  keyLimits(common(keys.command('create').description('make a key; it is shown once')))
    .option('--management', 'may also manage keys and read spend')
    .action(async (options: CommonOptions & KeysCreateOptions) => {
      const { keysCreate } = await import('./keys.ts')
      finish(await keysCreate(createContext(options), options))
    })
  keyLimits(common(keys.command('update').description('change a key').argument('<key>', 'its id or alias'))).action(
    async (which: string, options: CommonOptions & KeyOptions) => {
      const { keysUpdate } = await import('./keys.ts')
      finish(await keysUpdate(createContext(options), which, options))
    },
  )
  const one = (name: string, description: string, act: (context: CommandContext, which: string) => CommandResult) =>
    common(keys.command(name).description(description).argument('<key>', 'its id or alias')).action(
      async (which: string, options: CommonOptions) => finish(await act(createContext(options), which)),
    )
  one('block', 'refuse a key from now on', async (context, which) =>
    (await import('./keys.ts')).keysSetBlocked(context, which, true),
  )
  one('unblock', 'take a blocked key again', async (context, which) =>
    (await import('./keys.ts')).keysSetBlocked(context, which, false),
  )
  one('regenerate', 'a new secret for the same key; it is shown once', async (context, which) =>
    (await import('./keys.ts')).keysRegenerate(context, which),
  )
  one('revoke', 'delete a key at once', async (context, which) =>
    (await import('./keys.ts')).keysRevoke(context, which),
  )
}

/** What may be said of a key. */
function keyLimits(command: Command): Command {
  return command
    .option('--alias <name>', 'a name for it')
    .option('--models <names>', 'comma-separated names, access groups and patterns it may use (default: all)')
    .option('--expires <duration>', 'for example 30d (default: never)')
    .option('--max-budget <usd>', 'what it may spend')
    .option('--budget-duration <duration>', '30s, 12h, 30d, 1mo, daily, monthly… (default: for good)')
    .option('--soft-budget <usd>', 'what it may spend before you are told')
    .option('--on-limit <what>', 'block, or downgrade: send routers to their cheapest tier')
    .option('--unknown-price <what>', 'refuse or allow models without a known price')
    .option('--rpm <count>', 'requests per minute')
    .option('--tpm <count>', 'tokens per minute, in and out')
    .option('--max-parallel <count>', 'requests at a time')
    .option('--tags <names>', 'comma-separated labels of its requests')
    .option('--agent <name>', 'the coding agent it is for')
    .option('--user <id>', 'whose it is')
    .option('--team <id>', 'whose team')
}

function addSpend(program: Command, finish: Finish): void {
  const spend = common(program.command('spend'))
    .description('what requests cost')
    .enablePositionalOptions()
    .option(
      '--by <what>',
      'model, provider, router, tier, agent, key, session, tag, role, user, team, billing, day, hour',
      'model',
    )
    .option('--since <when>', 'a duration such as 7d, a date such as 2026-11-20, or today', '30d')
    .option('--until <when>', 'the same; not included (default: now)')
    .option('--csv', 'CSV instead of a table')
  for (const name of spendFilters) spend.option(`--${name} <name>`, `only this ${name}`)
  spend.action(async (options: CommonOptions & SpendOptions) => {
    const { spend: report } = await import('./spend.ts')
    finish(await report(createContext(options), options))
  })
  common(spend.command('reprice'))
    .description('price history anew with the prices of now; reports say that it was done')
    .option('--since <when>', 'a duration such as 7d, a date such as 2026-11-20, or today (default: all)')
    .option('--dry-run', 'say what would change, and change nothing')
    .action(async (options: CommonOptions & RepriceOptions) => {
      const { spendReprice } = await import('./spend-reprice.ts')
      finish(await spendReprice(createContext(options), options))
    })
}

function addCache(program: Command, finish: Finish): void {
  const cache = program.command('cache').description('kept answers; off unless the config switches them on')
  common(cache.command('show', { isDefault: true }).description('how many there are')).action(
    run(finish, async (context) => (await import('./cache.ts')).cacheShow(context)),
  )
  common(cache.command('clear').description('delete all of them')).action(
    run(finish, async (context) => (await import('./cache.ts')).cacheClear(context)),
  )
}

function addImport(program: Command, finish: Finish): void {
  common(program.command('import'))
    .description('take over a LiteLLM Compose folder: config, providers.json, keys into the keychain')
    .argument('<folder>', 'the folder with docker-compose.yaml or litellm_config.yaml')
    .option('--dry-run', 'show what would be done')
    .option('--replace', 'in place of a config that is there; the old one is kept beside it')
    .action(async (folder: string, options: CommonOptions & ImportOptions) => {
      const { importStack } = await import('./import/import-stack.ts')
      finish(await importStack(createContext(options), folder, options))
    })
}

function addAudit(program: Command, finish: Finish): void {
  common(program.command('audit').description('who changed keys, config, switches and cache'))
    .option('--limit <count>', 'how many changes, newest first', '50')
    .action(async (options: CommonOptions & AuditOptions) => {
      const { audit } = await import('./audit.ts')
      finish(await audit(createContext(options), options))
    })
}

function addExport(program: Command, finish: Finish): void {
  common(program.command('export'))
    .description('connect a coding agent: write its files, with a key of its own; without a name, list the agents')
    .argument('[agent]', 'opencode, claude-code, codex…; the list shows all')
    .option('--model <name>', 'its model or router (default: the first router)')
    .option('--small-model <name>', 'what it uses for titles and summaries (default: the same)')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--print', 'print the files as they would be, and change nothing')
    .option('--undo', 'take it back, and revoke the key')
    .option('--status', 'say whether it is in place')
    .option('--resync', 'export anew what models or prices changed for; without a name, every agent')
    .option('--home <folder>', 'the home of another user or machine, in place of yours')
    .option('--url <origin>', 'where the agent reaches the gateway (default: where it listens)')
    .action(async (agent: string | undefined, options: CommonOptions & ExportOptions) => {
      const { exportAgent } = await import('./export/export-agent.ts')
      finish(await exportAgent(createContext(options), agent, options))
    })
}

function addModels(program: Command, finish: Finish): void {
  const models = program.command('models').description('list models and routers; sync looks up what providers offer')
  common(models.command('list', { isDefault: true }).description('list models and routers')).action(
    run(finish, async (context) => (await import('./models.ts')).models(context)),
  )
  common(models.command('sync').description('list what a provider offers, and add models of it to the config'))
    .argument('[provider]', 'its name (default: list the providers)')
    .option('--add <ids>', 'comma-separated models to write into the config file')
    .option('--prefix <text>', 'stands before each in its model_name (default: as the other entries of the provider)')
    .option('--dry-run', 'show what would be written')
    .action(async (name: string | undefined, options: CommonOptions & SyncOptions) => {
      const { modelsSync } = await import('./models-sync.ts')
      finish(await modelsSync(createContext(options), name, options))
    })
}

function addPlain(program: Command, finish: Finish): void {
  common(program.command('backends').description('list local servers and their models'))
    .option('--watch', 'again whenever something changes')
    .option('--refresh', 'ask all of them and the paths to them first')
    .action(async (options: CommonOptions & BackendsOptions) => {
      const { backends } = await import('./backends.ts')
      finish(await backends(createContext(options), options))
    })
  common(program.command('doctor').description('check everything a gateway needs')).action(
    run(finish, async (context) => (await import('./doctor.ts')).doctor(context)),
  )
  addModels(program, finish)
  common(program.command('ui').description('print a fresh link to the interface')).action(
    run(finish, async (context) => (await import('./ui.ts')).uiLink(context)),
  )
  const config = program.command('config').description('the config file')
  common(config.command('check').description('print every problem; exit code 2 on errors').argument('[file]')).action(
    async (file: string | undefined, options: CommonOptions) => {
      const { configCheck } = await import('./config-check.ts')
      finish(await configCheck(createContext(file === undefined ? options : { ...options, config: file })))
    },
  )
}

function common(command: Command): Command {
  return command
    .option('--data-dir <folder>', 'the data of the gateway (also: SIGNALBOX_DATA_DIR)')
    .option('--config <file>', 'the config file')
    .option('--json', 'JSON for scripts')
}

function run(finish: Finish, work: (context: CommandContext) => CommandResult) {
  return async (options: CommonOptions): Promise<void> => finish(await work(createContext(options)))
}

function createContext(options: CommonOptions): CommandContext {
  const workingDirectory = process.cwd()
  const { environment, platform } = { environment: process.env, platform: platformDirectories() }
  return {
    paths: resolvePaths({ config: options.config, dataDir: options.dataDir, environment, workingDirectory, platform }),
    json: options.json === true,
    environment,
    workingDirectory,
    print: async (line) => {
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
    },
    note: printError,
  }
}
