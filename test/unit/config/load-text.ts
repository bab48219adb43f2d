import type { ConfigProblem } from '../../../gateway/contract/status.ts'
import type { GatewayConfig } from '../../../gateway/config/gateway-config.ts'
import { type LoadedConfig, loadConfig } from '../../../gateway/config/load-config.ts'
import { readCatalogue } from '../../../gateway/config/providers/catalogue.ts'

const catalogue = readCatalogue()

export interface TextOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly providersJson?: string
}

/** Loads a configuration given as text, with only the named variables set. */
export function loadText(text: string, options: TextOptions = {}): LoadedConfig {
  const files: Readonly<Record<string, string | undefined>> = {
    '/etc/signalbox/config.yaml': text,
    '/etc/signalbox/providers.json': options.providersJson,
  }
  return loadConfig({
    path: '/etc/signalbox/config.yaml',
    readFile: (path) => files[path.replaceAll('\\', '/').replace(/^[A-Z]:/, '')],
    lookup: (name) => options.environment?.[name],
    catalogue,
  })
}

/** The configuration of a text that must have no error. */
export function configOf(text: string, options: TextOptions = {}): GatewayConfig {
  const { config, problems } = loadText(text, options)
  if (config === undefined) throw new Error(`unexpected errors: ${JSON.stringify(problems.filter(isError), null, 2)}`)
  return config
}

/** Problems of one severity as `line:column message`. */
export function lines(loaded: LoadedConfig, severity: ConfigProblem['severity']): string[] {
  return loaded.problems
    .filter((problem) => problem.severity === severity)
    .map((problem) => `${problem.line}:${problem.column} ${problem.message}`)
}

/** A file with one deployment of the given parameters (YAML flow text) and its compiled form. */
export function deploymentOf(params: string, options: TextOptions & { readonly modelInfo?: string } = {}) {
  const info = options.modelInfo === undefined ? '' : `\n    model_info: ${options.modelInfo}`
  const config = configOf(`model_list:\n  - model_name: m\n    litellm_params: ${params}${info}\n`, options)
  const deployment = config.groups.get('m')?.[0]
  if (deployment === undefined) throw new Error('the entry was left out')
  return deployment
}

function isError(problem: ConfigProblem): boolean {
  return problem.severity === 'error'
}
