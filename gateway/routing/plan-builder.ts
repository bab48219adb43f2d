import type { Deployment } from '../config/gateway-config.ts'
import { GatewayError } from '../model/errors.ts'
import type { JsonValue } from '../model/json.ts'
import { orderDeployments } from './order-deployments.ts'
import type { Candidate, SkippedCandidate, WaitingCandidate } from './plan-types.ts'
import { createRandomSource } from './seeded-random.ts'

type Defaults = Readonly<Record<string, JsonValue>>

/** Collects the candidates of one plan; each deployment once. */
export interface PlanBuilder {
  /** Adds a group's deployments in their order. `tierDefaults` win over a deployment's own defaults. */
  addGroup(group: string, deployments: readonly Deployment[], chainIndex: number, tierDefaults?: Defaults): void
  skip(model: string, reason: string): void
  warn(warning: string): void
  /** Gives what was collected, with a refusal `provider_key_missing` or `backend_unavailable` when there is nothing to try. */
  finish(asked: string): {
    readonly candidates: readonly Candidate[]
    readonly skipped: readonly SkippedCandidate[]
    readonly warnings: readonly string[]
    readonly onContextWindow: readonly Candidate[]
    readonly onContentPolicy: readonly Candidate[]
    readonly waiting: readonly WaitingCandidate[]
    readonly failFast: boolean
    readonly refusal: GatewayError | undefined
  }
}

/** `random` in [0, 1) decides the weighted choices: the same number gives the same plan. */
export function createPlanBuilder(random: number): PlanBuilder {
  const source = createRandomSource(random)
  const candidates: Candidate[] = []
  const skipped: SkippedCandidate[] = []
  const warnings = new Set<string>()
  const seen = new Set<string>()
  const missingKeys = new Set<string>()
  const keylessGroups = new Set<string>()

  return {
    addGroup: (group, deployments, chainIndex, tierDefaults) => {
      const fresh = deployments.filter((deployment) => !seen.has(deployment.id))
      for (const deployment of fresh) seen.add(deployment.id)
      const usable = fresh.filter((deployment) => deployment.apiKey.kind !== 'missing')
      for (const deployment of orderDeployments(usable, source)) {
        const defaults = tierDefaults === undefined ? deployment.defaults : { ...deployment.defaults, ...tierDefaults }
        candidates.push({ deployment, group, chainIndex, defaults })
      }
      for (const { apiKey } of fresh) {
        if (apiKey.kind !== 'missing') continue
        const reason = `${apiKey.names.join(' or ')} is not set`
        for (const name of apiKey.names) missingKeys.add(name)
        keylessGroups.add(group)
        skipped.push({ model: group, reason })
        // A fallback that nobody needs is not worth a warning on every answer.
        if (usable.length === 0 && chainIndex === 0) warnings.add(`${group} was skipped: ${reason}.`)
      }
    },
    skip: (model, reason) => {
      skipped.push({ model, reason })
    },
    warn: (warning) => {
      warnings.add(warning)
    },
    finish: (asked) => {
      const found = {
        candidates,
        skipped,
        warnings: [...warnings],
        onContextWindow: [],
        onContentPolicy: [],
        waiting: [],
        failFast: false,
      }
      if (candidates.length > 0) return { ...found, refusal: undefined }
      if (missingKeys.size === 0) return { ...found, refusal: nothingToTry(asked, skipped) }
      return { ...found, refusal: noProviderKey([...keylessGroups], [...missingKeys]) }
    },
  }
}

function noProviderKey(groups: readonly string[], names: readonly string[]): GatewayError {
  const wanted = names.length === 1 ? `set ${names[0]}` : `set one of ${names.join(', ')}`
  return new GatewayError(
    'provider_key_missing',
    `There is no provider key for ${groups.join(', ')}: ${wanted} in the gateway's environment or in the system keychain under that name.`,
  )
}

function nothingToTry(asked: string, skipped: readonly SkippedCandidate[]): GatewayError {
  const states = skipped.map(({ model, reason }) => `${model} ${reason}`).join('; ')
  return new GatewayError(
    'backend_unavailable',
    `The model ${asked} has nothing that could answer${states === '' ? '' : `: ${states}`}.`,
  )
}
