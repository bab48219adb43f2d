/*
 * The import rules of the project as data. A folder may import its own files and what its row names; anything else is an
 * error whose text says where the import belongs.
 */

/** Folders of the gateway, from the bottom up. A row names only folders above it, so the table itself has no cycle. */
export const gatewayFolders: Readonly<Record<string, readonly string[]>> = {
  model: [],
  contract: ['model'],
  logging: ['model'],
  secrets: ['model', 'logging'],
  store: ['model', 'logging'],
  upstream: ['model', 'logging'],
  config: ['model', 'contract', 'logging', 'secrets'],
  dialects: ['model'],
  routing: ['model', 'contract', 'config'],
  ledger: ['model', 'contract', 'logging', 'config', 'store'],
  access: ['model', 'contract', 'logging', 'secrets', 'config', 'store'],
  cache: ['model', 'logging', 'config', 'store'],
  providers: ['model', 'config', 'upstream'],
  replay: ['model', 'contract', 'config', 'store', 'routing', 'ledger'],
  backends: ['model', 'contract', 'logging', 'config', 'upstream'],
  agents: ['model', 'contract', 'config'],
  relay: words('model contract logging config store upstream dialects routing ledger access cache providers backends'),
  observe: words('model logging config upstream ledger relay'),
  http: words(
    'model contract logging secrets config store upstream dialects routing ledger access cache providers backends agents relay replay',
  ),
}

/** Folders of entries, and files directly in `gateway/`: they put the parts together and may import all of the gateway. */
export const entryFolders = ['assembly', 'process', 'cli'] as const

export const whyFolder: Readonly<Record<string, string>> = {
  'dialects→providers': 'Dialects and providers meet only in gateway/model: put the shared shape there.',
  'providers→dialects': 'Dialects and providers meet only in gateway/model: put the shared shape there.',
  'routing→upstream': 'routing is pure: take what it must know as part of the snapshot.',
  'routing→store': 'routing is pure: take what it must know as part of the snapshot.',
  'routing→ledger': 'routing is pure: take what it must know as part of the snapshot.',
}

/** Packages that only some paths may import, values and types alike. Paths are prefixes; one ending in `.ts` is a file. */
export const packageOwners: Readonly<Record<string, { readonly owners: readonly string[]; readonly instead: string }>> =
  {
    'better-sqlite3': {
      owners: ['gateway/store/', 'gateway/ledger/'],
      instead: 'Ask for a repository from gateway/store or gateway/ledger.',
    },
    undici: { owners: ['gateway/upstream/'], instead: 'Send through gateway/upstream/dispatch.ts.' },
    fastify: {
      owners: ['gateway/http/'],
      instead: 'Register the route in gateway/http and call your function from there.',
    },
    '@fastify/static': { owners: ['gateway/http/'], instead: 'Serve files from gateway/http.' },
    '@fastify/swagger': { owners: ['gateway/http/'], instead: 'Describe routes in gateway/http.' },
    yaml: { owners: ['gateway/config/'], instead: 'Read and edit YAML through gateway/config.' },
    pino: { owners: ['gateway/logging/'], instead: 'Take a Logger of gateway/logging as a dependency.' },
    commander: {
      owners: ['gateway/cli/', 'gateway/cli.ts', 'gateway/process/', 'gateway/process.ts'],
      instead: 'Read arguments in gateway/cli or gateway/process.',
    },
    'prom-client': { owners: ['gateway/observe/'], instead: 'Count in gateway/observe/metrics.ts.' },
    '@pydantic/genai-prices': { owners: ['gateway/ledger/'], instead: 'Ask the PriceBook of gateway/ledger.' },
    'gpt-tokenizer': { owners: ['gateway/store/', 'gateway/ledger/'], instead: 'Tokens are counted in the worker.' },
  }

/** Exactly one file of the project may import the keychain binding. */
export const keyringPackage = '@napi-rs/keyring'

/** Where values of `electron` may be imported; elsewhere in main `import type`. */
export const electronValueOwners = ['main/electron/', 'main/preload/', 'main/preload.ts', 'main/index.ts'] as const

/** Gateway folders that do no I/O, with the built-in modules they may still use. */
export const pureFolders: Readonly<Record<string, readonly string[]>> = {
  'gateway/model/': ['node:util', 'node:buffer', 'node:crypto'],
  'gateway/contract/': [],
  'gateway/dialects/': ['node:util', 'node:buffer', 'node:crypto'],
  'gateway/routing/': ['node:util', 'node:buffer', 'node:crypto'],
}

/** The only package that the shared vocabulary may import. */
export const vocabularyPackages = ['typebox'] as const

/** Edges between the top folders that the folder table does not describe. */
export const topFolders: Readonly<Record<string, { readonly prefixes: readonly string[]; readonly instead: string }>> =
  {
    gateway: {
      prefixes: ['gateway/'],
      instead:
        'The gateway runs alone: it knows neither main/ nor renderer/. Publish what they need in gateway/contract.',
    },
    main: {
      prefixes: ['main/', 'gateway/contract/'],
      instead: 'main reaches the gateway through gateway/contract and by starting gateway/process.ts.',
    },
    renderer: {
      prefixes: ['renderer/', 'gateway/contract/'],
      instead: 'The renderer speaks to the gateway through gateway/contract only.',
    },
  }

/** Single edges allowed in spite of the tables, each with its reason. */
export const allowedEdges: Readonly<Record<string, string>> = {
  'main/start.ts → gateway/process.ts': 'without a desktop `npm start` runs the gateway in its own process',
  'main/start.ts → gateway/node-version.ts': 'the version is checked before anything native is imported',
}

/** Words that say nothing about what a file does. */
export const vagueWords = words(
  'util utils utility utilities helper helpers manager managers common misc stuff shared lib temp tmp foo',
)

export const lineLimit = 350

function words(list: string): readonly string[] {
  return list.split(' ')
}
