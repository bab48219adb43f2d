import type { Deployment, GatewayConfig, RouterDefinition } from '../../config/gateway-config.ts'
import type { RequestStory, SameTokens, StoryCandidate, WhyTier } from '../../contract/request-story.ts'
import type { PricedUsage } from '../../ledger/price-book.ts'
import type { AttemptRecord, RequestRecord } from '../../ledger/request-record.ts'
import { requestView } from '../../ledger/request-view.ts'
import type { SessionPlace } from '../../ledger/session-place.ts'
import type { Usage } from '../../model/usage.ts'
import { tiers } from '../../model/tier.ts'
import { type Classification } from '../../routing/complexity/classify.ts'
import { scoringSettings } from '../../routing/complexity/scoring-settings.ts'
import { rescore } from '../../routing/features.ts'
import type { KeptLabel } from '../../store/label-repository.ts'
import { labelView } from './label-view.ts'

export interface StorySources {
  readonly config: GatewayConfig
  /** The router of the request as it is now; undefined = it is gone, or there was none. */
  readonly router: RouterDefinition | undefined
  readonly priceOf: (deployment: Deployment, usage: Usage, at: number) => PricedUsage
  /** Undefined without a session, and where it could not be read. */
  readonly session: SessionPlace | undefined
  readonly label: KeptLabel | undefined
}

/** A request of the ledger with the whole story of it. Pure. */
export function requestStory(record: RequestRecord, sources: StorySources): RequestStory {
  const { session, label, router } = sources
  return {
    ...requestView(record),
    why: whyTier(record, router),
    candidates: [...storyCandidates(record, router)],
    sameTokens: sameTokens(record, sources),
    sessionSummary: session === undefined || record.sessionId === null ? null : { id: record.sessionId, ...session },
    label: label === undefined ? null : labelView(label),
    canLabel: canLabel(record),
  }
}

/** A label needs a router's decision and the features that it was made by. */
export function canLabel({ features, router, tier }: RequestRecord): boolean {
  return features !== null && router !== null && tier !== null
}

function whyTier(
  { features, router: name, score }: RequestRecord,
  router: RouterDefinition | undefined,
): WhyTier | null {
  if (name === null || features === null) return null
  const again = router === undefined ? undefined : tryRescore(features, router)
  if (router === undefined || again === undefined) {
    return { cause: null, score, boundaries: null, dimensions: [], settings: 'gone' }
  }
  const isSame = score === null || Math.abs(score - again.score) < 1e-9
  return {
    // Features of a pinned request are kept, its score is not.
    cause: score === null ? 'pinned' : again.cause,
    score,
    boundaries: { ...scoringSettings(router.complexity).boundaries },
    dimensions: again.dimensions.map(({ name: dimension, raw, weight, weighted, fired }) => ({
      name: dimension,
      raw,
      weight,
      weighted,
      fired: [...fired],
    })),
    settings: isSame ? 'as then' : 'changed',
  }
}

/** Features of another version, or damaged ones, tell nothing. */
function tryRescore(
  features: NonNullable<RequestRecord['features']>,
  router: RouterDefinition,
): Classification | undefined {
  try {
    return rescore(features, router)
  } catch {
    return undefined
  }
}

/** In the order of events: what was left out, what was asked, and what the tier still had. */
function storyCandidates(record: RequestRecord, router: RouterDefinition | undefined): readonly StoryCandidate[] {
  const skipped = (record.skipped ?? []).map(
    ({ model, deploymentId, reason }): StoryCandidate => ({
      model,
      deploymentId: deploymentId ?? null,
      provider: null,
      outcome: 'skipped',
      reason,
    }),
  )
  const asked = [...Map.groupBy(record.attempts, ({ deploymentId }) => deploymentId).values()].map((attempts) =>
    askedCandidate(attempts, record),
  )
  const told = new Set([...skipped, ...asked].map(({ model }) => model))
  const chain = record.tier === null || asked.length === 0 ? [] : (router?.tiers[record.tier] ?? [])
  const rest = chain
    .filter(({ model }) => !told.has(model))
    .map(
      ({ model }): StoryCandidate => ({
        model,
        deploymentId: null,
        provider: null,
        outcome: 'not needed',
        reason: `next in ${record.tier} as it is configured now`,
      }),
    )
  return [...skipped, ...asked, ...rest]
}

function askedCandidate(attempts: readonly AttemptRecord[], record: RequestRecord): StoryCandidate {
  const last = attempts.at(-1) as AttemptRecord
  const answered = attempts.some(({ outcome }) => outcome === 'answered')
  const tries = attempts.length === 1 ? '' : `, ${attempts.length} times`
  const status = last.status === null ? '' : `${last.status} `
  return {
    model: last.model,
    deploymentId: last.deploymentId,
    provider: last.deploymentId === record.deploymentId ? record.provider : null,
    outcome: answered ? 'answered' : 'failed',
    reason: answered ? `asked${tries}` : `${status}${last.reason ?? last.outcome}${tries}`,
  }
}

const compares =
  'The same tokens at the prices of that moment of the first model of each tier. Another model would have counted and answered a little differently.'

function sameTokens(record: RequestRecord, { config, router, priceOf }: StorySources): SameTokens | null {
  const { usage, startedAt, tier: chosen } = record
  if (usage === null || router === undefined) return null
  const rows = tiers.flatMap((tier) => {
    const model = router.tiers[tier]?.[0]?.model
    const deployment = model === undefined ? undefined : firstDeployment(model, config)
    if (model === undefined || deployment === undefined) return []
    const { costNanoUsd, billing } = priceOf(deployment, usage, startedAt)
    return [{ tier, model, costNanoUsd, billing, chosen: tier === chosen }]
  })
  return { compares, tiers: rows }
}

function firstDeployment(model: string, { groups, aliases }: GatewayConfig): Deployment | undefined {
  return groups.get(aliases.get(model)?.group ?? model)?.[0]
}
