import type { Deployment, GatewayConfig } from '../../config/gateway-config.ts'
import type { ListPlace } from '../model-list.ts'

/** A place that models come from: one base URL of one provider. */
export interface ProviderPlace {
  /** The provider's prefix; the host where one prefix stands for several servers. */
  readonly name: string
  /** The prefix of its models: `openai` for any compatible server. */
  readonly provider: string
  readonly place: ListPlace
  /** Entries of the file that use it, in file order. */
  readonly deployments: readonly Deployment[]
}

/** Every provider that the configuration knows, those with entries first. Local servers are not among them: they are followed by themselves. Pure. */
export function providerPlaces(config: GatewayConfig): ProviderPlace[] {
  const own = [...config.groups.values()].flat().filter(isOfFile)
  const byPlace = [...Map.groupBy(own, ({ provider, baseUrl }) => `${provider} ${baseUrl}`).values()]
  const used = byPlace.flatMap((deployments) => placeOf(deployments, byPlace, config))
  const known = new Set(used.map(({ place }) => place.baseUrl))
  const unused = [...(config.providers?.values() ?? [])]
    .filter(({ baseUrl, name }) => !known.has(baseUrl) && !used.some((one) => one.name === name))
    .map(
      (provider): ProviderPlace => ({ name: provider.name, provider: provider.name, place: provider, deployments: [] }),
    )
  return [...used, ...unused]
}

function isOfFile({ line, local, adapter }: Deployment): boolean {
  return line > 0 && local === undefined && adapter !== 'demo' && adapter !== 'ollama'
}

function placeOf(
  deployments: readonly Deployment[],
  all: readonly (readonly Deployment[])[],
  config: GatewayConfig,
): ProviderPlace[] {
  const [first] = deployments
  if (first === undefined) return []
  const { provider, baseUrl } = first
  const rivals = all.flatMap(([other]) => (other?.provider === provider && other !== first ? [other] : []))
  const isOwn = rivals.length === 0 || config.providers?.get(provider)?.baseUrl === baseUrl
  return [
    { name: isOwn ? provider : hostName(first, rivals), provider, place: keyed(deployments) ?? first, deployments },
  ]
}

/** The host; its path too where the host has several. */
function hostName({ baseUrl }: Deployment, rivals: readonly Deployment[]): string {
  const { host, pathname } = new URL(baseUrl)
  return rivals.some((rival) => new URL(rival.baseUrl).host === host) ? `${host}${pathname}` : host
}

/** The first whose key is there. */
function keyed(deployments: readonly Deployment[]): Deployment | undefined {
  return deployments.find(({ apiKey }) => apiKey.kind === 'value')
}
