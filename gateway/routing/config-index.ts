import type { Deployment, GatewayConfig } from '../config/gateway-config.ts'

/** What plans look up in a configuration, made once for each. */
export interface ConfigIndex {
  readonly deploymentById: ReadonlyMap<string, Deployment>
  /** Model names with a `*`, the longest first: the most particular one wins. */
  readonly patterns: readonly string[]
}

const indexes = new WeakMap<GatewayConfig, ConfigIndex>()

/** The index of a configuration. */
export function indexOf(config: GatewayConfig): ConfigIndex {
  const known = indexes.get(config)
  if (known !== undefined) return known
  const deployments = [...config.groups.values()].flat()
  const index: ConfigIndex = {
    deploymentById: new Map(deployments.map((deployment) => [deployment.id, deployment])),
    patterns: [...config.groups.keys()]
      .filter((name) => name.includes('*'))
      .toSorted((left, right) => right.length - left.length || (left < right ? -1 : 1)),
  }
  indexes.set(config, index)
  return index
}
