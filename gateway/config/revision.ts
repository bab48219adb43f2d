import { createHash } from 'node:crypto'
import type { Deployment, GatewayConfig, KeyReference } from './gateway-config.ts'

type Unrevised = Omit<GatewayConfig, 'revision'>

/**
 * A short name for everything a configuration means, but for the values of secrets and headers: the revision is shown to
 * people and must not help anybody guess a key. `createConfigSource` tells two configurations apart that differ only there.
 */
export function configRevision(config: Unrevised): string {
  return createHash('sha256').update(JSON.stringify(config, withoutSecrets)).digest('hex').slice(0, 16)
}

/** True when both configurations have the same keys and the same header values. */
export function sameSecrets(left: GatewayConfig, right: GatewayConfig): boolean {
  const first = secretsOf(left)
  const second = secretsOf(right)
  return first.length === second.length && first.every((value, index) => value === second[index])
}

function withoutSecrets(this: unknown, key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value]
  // Secret.toJSON has replaced the keys already; headers are plain text and may hold keys too.
  return key === 'headers' && typeof value === 'object' && value !== null ? Object.keys(value) : value
}

function secretsOf(config: GatewayConfig): string[] {
  const deployments = [...config.groups.values()].flat()
  const collectors = config.traces.map(({ headers }) => JSON.stringify(headers))
  const backends = config.backends.map(({ apiKey }) => keyText(apiKey))
  const providers = [...(config.providers?.values() ?? [])].map(
    ({ apiKey, headers }) => keyText(apiKey) + JSON.stringify(headers),
  )
  return [
    keyText(config.masterKey),
    ...providers,
    ...backends,
    ...deployments.flatMap(secretsOfDeployment),
    ...collectors,
  ]
}

function secretsOfDeployment(deployment: Deployment): string[] {
  return [keyText(deployment.apiKey), JSON.stringify(deployment.headers)]
}

function keyText(key: KeyReference): string {
  return key.kind === 'value' ? key.secret.reveal() : key.kind
}
