import { defaultDeadlines } from './config/compile/compile-deadlines.ts'
import type { GatewayConfig, KeyReference } from './config/gateway-config.ts'
import type { ProviderCatalogue } from './config/providers/catalogue.ts'
import type { ListPlace } from './providers/model-list.ts'

/** What a secret is for. */
export interface SecretUse {
  readonly name: string
  /** Providers whose key it is, and where their lists of models are asked for. */
  readonly places: ReadonlyMap<string, ListPlace>
  /** Names of models that need it. */
  readonly models: readonly string[]
  /** False for the usual name of a provider that the config does not use. */
  readonly wanted: boolean
  /** True when the config has a value for it, wherever that came from. */
  readonly hasValue: boolean
}

/**
 * Every secret that the config names, in the order of the file, then the usual ones of known providers. Pure.
 * @param missing variables without a value, which stand for more than keys
 */
export function secretUses(
  config: GatewayConfig,
  catalogue: ProviderCatalogue,
  missing: readonly string[],
): ReadonlyMap<string, SecretUse> {
  const uses = new Map<string, Gathered>()
  const use = (name: string): Gathered => {
    const known = uses.get(name) ?? { places: new Map(), models: new Set(), wanted: false, hasValue: false }
    uses.set(name, known)
    return known
  }
  for (const deployment of [...config.groups.values()].flat()) {
    for (const name of namesOf(deployment.apiKey)) {
      const gathered = use(name)
      gathered.models.add(deployment.modelName)
      gathered.wanted = true
      gathered.hasValue ||= deployment.apiKey.kind === 'value'
      if (deployment.baseUrl !== '') gathered.places.set(deployment.provider, deployment)
    }
  }
  for (const provider of config.providers?.values() ?? []) {
    for (const name of namesOf(provider.apiKey)) {
      const gathered = use(name)
      gathered.hasValue ||= provider.apiKey.kind === 'value'
      if (!gathered.places.has(provider.name)) gathered.places.set(provider.name, provider)
    }
  }
  for (const name of missing) use(name).wanted = true
  addKnownProviders(use, catalogue)
  return new Map([...uses].map(([name, gathered]) => [name, { name, ...gathered, models: [...gathered.models] }]))
}

interface Gathered {
  readonly places: Map<string, ListPlace>
  readonly models: Set<string>
  wanted: boolean
  hasValue: boolean
}

/** A provider has several names for its key and several prefixes; the first of each stand for it. */
function addKnownProviders(use: (name: string) => Gathered, { providers }: ProviderCatalogue): void {
  const seen = new Set<string>()
  for (const [name, { baseUrl, keyVariables, wires, unsupported }] of providers) {
    if (baseUrl === undefined || unsupported !== undefined || seen.has(baseUrl)) continue
    seen.add(baseUrl)
    const place: ListPlace = {
      adapter: wires[0] ?? 'openai-compatible',
      baseUrl,
      apiKey: { kind: 'none' },
      headers: {},
      deadlines: defaultDeadlines,
    }
    for (const variable of keyVariables) {
      const { places } = use(variable)
      if (!places.has(name)) places.set(name, place)
    }
  }
}

function namesOf(key: KeyReference): readonly string[] {
  if (key.kind === 'none') return []
  return key.names ?? []
}
