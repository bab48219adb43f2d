/** Names of what a budget can be for. One meter belongs to each. */
export const globalScope = 'global'
export const keyScope = (keyId: string): string => `key:${keyId}`
export const keyModelScope = (keyId: string, model: string): string => `model:${keyId}:${model}`
export const tagScope = (tag: string): string => `tag:${tag}`
export const providerScope = (provider: string): string => `provider:${provider}`
export const deploymentScope = (deploymentId: string): string => `deployment:${deploymentId}`

/** True for the scopes that end with a key. */
export function belongsToKey(scope: string, keyId: string): boolean {
  return scope === keyScope(keyId) || scope.startsWith(keyModelScope(keyId, ''))
}

/** What budgets see of a finished request, in memory or read back from the ledger. */
export interface ChargedRequest {
  readonly startedAt: number
  readonly totalMs: number
  readonly keyId: string
  readonly tags: readonly string[]
  readonly askedModel: string
  readonly modelName: string | null
  readonly provider: string | null
  readonly deploymentId: string | null
  readonly costNanoUsd: number | null
  /** Probable cost beyond that, in money that is paid per token. */
  readonly estimatedNanoUsd?: number
  readonly billing: string
}

/** What a request cost in money that is paid per token, nano-USD: 0 for local, flat-rate and pretend prices. */
export function chargeOf(request: Pick<ChargedRequest, 'billing' | 'costNanoUsd' | 'estimatedNanoUsd'>): number {
  return (request.billing === 'billed' ? (request.costNanoUsd ?? 0) : 0) + (request.estimatedNanoUsd ?? 0)
}

/** Every scope that a finished request counts for, each once. */
export function scopesOf(request: ChargedRequest): string[] {
  const { keyId, askedModel, modelName, provider, deploymentId } = request
  const scopes = [globalScope, keyScope(keyId), keyModelScope(keyId, askedModel), ...request.tags.map(tagScope)]
  if (modelName !== null && modelName !== askedModel) scopes.push(keyModelScope(keyId, modelName))
  if (provider !== null) scopes.push(providerScope(provider))
  if (deploymentId !== null) scopes.push(deploymentScope(deploymentId))
  return scopes
}
