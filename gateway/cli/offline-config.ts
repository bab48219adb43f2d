import { existsSync } from 'node:fs'
import { formatProblems } from '../config/format-problems.ts'
import type { Deployment, GatewayConfig } from '../config/gateway-config.ts'
import { type LoadedConfig, loadConfig, readFileIfThere } from '../config/load-config.ts'
import { readCatalogue } from '../config/providers/catalogue.ts'
import { exitCodes } from '../contract/process-messages.ts'
import { knownWindow } from '../ledger/prices/known-windows.ts'
import type { RoutingSnapshot } from '../routing/plan-types.ts'
import { quietSnapshot } from '../routing/quiet-snapshot.ts'
import { openSecretStore } from '../secrets/open-secret-store.ts'
import { createSecretLookup } from '../secrets/secret-lookup.ts'
import type { CommandContext } from './command-context.ts'
import { CommandFailure } from './command-failure.ts'

/** The config with keys from the environment only: routing needs no key, and a keychain could ask for its password. */
export function loadOffline(context: CommandContext): LoadedConfig {
  return load(context, (name) => blankIsUnset(context.environment[name]))
}

/** The config as a gateway would see it: names that the environment lacks are asked of the keychain (at most 2 s). */
export async function loadWithKeychain(context: CommandContext): Promise<LoadedConfig> {
  const secrets = createSecretLookup({ environment: context.environment, store: openSecretStore(context.environment) })
  const first = load(context, secrets.lookup)
  if (first.missing.length === 0) return first
  const { found } = await secrets.fetchMissing(first.missing)
  return found.length === 0 ? first : load(context, secrets.lookup)
}

function load(context: CommandContext, lookup: (name: string) => string | undefined): LoadedConfig {
  const { configPath, configNamed } = context.paths
  // Before the first start there is no file yet, which means a config without models. A named one must exist.
  const fresh = !configNamed && !existsSync(configPath)
  return loadConfig({
    path: configPath,
    lookup,
    catalogue: { ...readCatalogue(), windowOf: knownWindow },
    readFile: (path) => (fresh && path === configPath ? '' : readFileIfThere(path)),
  })
}

function blankIsUnset(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

/**
 * What routing decides from, without a gateway: every switch at auto, every deployment as if its key were there.
 * @throws CommandFailure with exit code 2 and all problems when the config has errors
 */
export function offlineSnapshot(context: CommandContext): RoutingSnapshot {
  const { config, problems } = loadOffline(context)
  if (config === undefined) {
    const errors = problems.filter((problem) => problem.severity === 'error')
    throw new CommandFailure(formatProblems(errors, context.workingDirectory).trimEnd(), exitCodes.badConfig)
  }
  return {
    ...quietSnapshot,
    now: Date.now(),
    config: { ...config, groups: assumeKeys(config.groups) },
    switches: new Map(),
    demo: demoState(config),
    allowedModels: undefined,
    random: 0,
  }
}

function demoState(config: GatewayConfig): RoutingSnapshot['demo'] {
  if (config.signalbox.demo === 'off') return 'off'
  return config.modelNames.length === 0 ? 'listed' : 'callable'
}

function assumeKeys(groups: GatewayConfig['groups']): GatewayConfig['groups'] {
  const assume = (deployment: Deployment): Deployment =>
    deployment.apiKey.kind === 'missing' ? { ...deployment, apiKey: { kind: 'none' } } : deployment
  return new Map([...groups].map(([name, deployments]) => [name, deployments.map(assume)]))
}
