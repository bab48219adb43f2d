import { readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { ConfigProblem } from '../contract/status.ts'
import { compileConfig } from './compile-config.ts'
import type { GatewayConfig } from './gateway-config.ts'
import type { ProviderCatalogue } from './providers/catalogue.ts'
import { mergeProviders } from './providers/custom-providers.ts'
import { ConfigFileSchema } from './schema/config-file.ts'
import { ProviderDefinitionsSchema } from './schema/providers.ts'
import { seenPhrase } from './source/describe.ts'
import { createProblemList, type ProblemList, sortProblems } from './source/problem-list.ts'
import { createValueReader } from './source/read-value.ts'
import { readYaml } from './source/read-yaml.ts'
import type { Lookup } from './source/references.ts'
import { entryOf, isEmptyNode, type SourceNode } from './source/source-tree.ts'
import { createVariables } from './source/variables.ts'

export interface LoadOptions {
  /** The configuration file; made absolute. `providers.json` is looked for beside it. */
  readonly path: string
  /** Gives the text of a file, undefined when there is none; throws when it cannot be read. */
  readonly readFile?: ((path: string) => string | undefined) | undefined
  /** Values of variables: the environment, then the keychain. */
  readonly lookup: Lookup
  readonly catalogue: ProviderCatalogue
}

export interface LoadedConfig {
  /** Undefined when any problem is an error. */
  readonly config: GatewayConfig | undefined
  /** Errors first; each file's own name in its problems. */
  readonly problems: readonly ConfigProblem[]
  /** Variables that were looked up and have no value. */
  readonly missing: readonly string[]
}

/**
 * Reads and compiles a configuration. Every problem of both files is reported in one go. Never throws on any content;
 * pure but for `readFile`, which by default reads the disk.
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const path = resolve(options.path)
  const problems = createProblemList(path)
  const text = readText(path, options, problems)
  if (text === undefined) {
    if (problems.all().length === 0) {
      problems.error({
        message: `There is no file ${basename(path)} here. Start the gateway once without --config to have one written.`,
      })
    }
    return { config: undefined, problems: problems.all(), missing: [] }
  }
  const root = rootBlock(readYaml(text, problems), 'blocks such as model_list:', problems)
  const environment = entryOf(root, 'environment_variables')?.node
  checkEnvironment(environment, problems)
  const variables = createVariables(options.lookup, environment)
  const broken = problems.all().some(isError)
  const reader = createValueReader({ problems, variables })
  const file = reader.read(ConfigFileSchema, root, 'the file') ?? {}
  const custom = readProvidersJson(join(dirname(path), 'providers.json'), options, environment)
  const merged = mergeProviders(custom.providers, file.providers ?? {}, reader, problems)
  const context = { problems, variables, reader, catalogue: { ...options.catalogue, providers: merged } }
  // After a syntax error the names are not all there: what compiling would say about them is noise.
  const config = broken ? undefined : compileConfig(path, file, root, context)
  variables.report(problems)
  const all = sortProblems([...problems.all(), ...custom.problems])
  return {
    config: all.some(isError) ? undefined : config,
    problems: all,
    missing: [...new Set([...variables.missing(), ...custom.missing])],
  }
}

function isError(problem: ConfigProblem): boolean {
  return problem.severity === 'error'
}

function readText(path: string, options: LoadOptions, problems: ProblemList): string | undefined {
  try {
    return (options.readFile ?? readFileIfThere)(path)
  } catch (error) {
    problems.error({ message: `${basename(path)} cannot be read: ${reasonOf(error)}.` })
    return undefined
  }
}

/** The text of a file, undefined when there is none. Throws when it is there and cannot be read. */
export function readFileIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied. Check who may read it'
  if (code === 'EISDIR') return 'it is a folder'
  return code ?? 'unknown reason'
}

function rootBlock(root: SourceNode | undefined, wanted: string, problems: ProblemList): SourceNode | undefined {
  if (root === undefined || root.kind === 'map' || (root.kind === 'scalar' && root.value === null)) return root
  problems.error({
    place: root.place,
    message: `The file is ${root.kind === 'list' ? 'a list' : 'a single text'}, must be ${wanted}`,
    wanted,
  })
  return undefined
}

/** The section is read before the schema is: `- NAME=value`, as Compose has it, would otherwise pass unseen. */
function checkEnvironment(section: SourceNode | undefined, problems: ProblemList): void {
  const wrong = (node: SourceNode, subject: string, wanted: string): void => {
    const seen = seenPhrase(node, true)
    problems.error({
      place: node.place,
      path: node.path,
      message: `${subject} is ${seen}, must be ${wanted}`,
      seen,
      wanted,
    })
  }
  if (section === undefined || isEmptyNode(section)) return
  if (section.kind !== 'map') return wrong(section, 'environment_variables', 'a block with NAME: value on each line')
  for (const { key, node } of section.entries) if (node.kind !== 'scalar') wrong(node, key, 'text')
}

function readProvidersJson(path: string, options: LoadOptions, environment: SourceNode | undefined) {
  const problems = createProblemList(path)
  const text = readText(path, options, problems)
  const known = options.catalogue.providers
  if (text === undefined || text.trim() === '') return { providers: known, problems: problems.all(), missing: [] }
  // JSON may be indented with tabs, which YAML refuses; inside a JSON text a raw tab cannot occur.
  const root = rootBlock(readYaml(text.replaceAll('\t', ' '), problems), 'one block of providers by prefix', problems)
  const variables = createVariables(options.lookup, environment)
  const reader = createValueReader({ problems, variables })
  const definitions = reader.read(ProviderDefinitionsSchema, root, 'providers.json') ?? {}
  const providers = mergeProviders(known, definitions, reader, problems)
  variables.report(problems)
  return { providers, problems: problems.all(), missing: variables.missing() }
}
