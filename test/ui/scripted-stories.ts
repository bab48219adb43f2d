import type { RequestStory } from '../../gateway/contract/request-story.ts'
import type { RequestView } from '../../gateway/contract/requests.ts'
import { controlRoutes } from '../../gateway/contract/routes.ts'
import { finished, requests, routers, scriptedNow } from './scripted-data.ts'

/** Requests that are older than the live list. */
export const olderRequests: readonly RequestView[] = [
  finished('call-yesterday', 90_000, { model: 'gpt-5.5', agent: 'codex', router: 'frontier-router' }),
  finished('call-last-week', 600_000, { model: 'gpt-5.5', agent: 'codex', errorCode: 'upstream_error', status: 502 }),
]

/** Answers of the routes behind the page Activity; undefined for any other. Marks are kept in `marks`. */
export function answerStories(marks = new Map<string, RequestStory['label']>()) {
  return (call: string, body: unknown): unknown => {
    if (call === `GET ${controlRoutes.requests}`) return { requests: [...requests, ...olderRequests], next: null }
    for (const request of [...requests, ...olderRequests]) {
      if (call === `GET ${controlRoutes.request(request.id)}`) return storyOf(request, marks.get(request.id) ?? null)
      if (call === `POST ${controlRoutes.label(request.id)}`) {
        const { tier } = body as { tier: NonNullable<RequestStory['label']>['tier'] }
        const { id, router } = request
        const label = { id, router: router ?? '', decided: request.tier ?? 'SIMPLE', tier, at: scriptedNow }
        marks.set(id, label)
        return label
      }
      if (call === `DELETE ${controlRoutes.label(request.id)}`) {
        marks.delete(request.id)
        return { deleted: request.id }
      }
    }
    return undefined
  }
}

function storyOf(request: RequestView, label: RequestStory['label']): RequestStory {
  const told = request.tier !== null && request.score !== null && request.phase === 'finished'
  return {
    ...request,
    why: told && request.id === 'call-kimi' ? why : null,
    candidates: told ? candidatesOf(request) : [],
    sameTokens: told ? sameTokensOf(request) : null,
    sessionSummary:
      request.session === null ? null : { id: request.session, turn: 12, turns: 12, billedNanoUsd: 161_400_000 },
    label,
    canLabel: told,
  }
}

const dimension = (name: string, weight: number, raw: number, fired: string[]) => ({
  name,
  weight,
  raw,
  weighted: raw * weight,
  fired,
})

const why: NonNullable<RequestStory['why']> = {
  cause: 'score',
  score: 0.395,
  boundaries: { simple_medium: 0.1, medium_complex: 0.25, complex_reasoning: 0.55 },
  dimensions: [
    dimension('tokenCount', 0, 0, []),
    dimension('codePresence', 0.1, 0.5, ['implement']),
    dimension('reasoningMarkers', 0.4, 0.7, ['explain your reasoning']),
    dimension('technicalTerms', 0.25, 1, ['distributed', 'architecture', 'authentication', 'container', 'queue']),
    dimension('simpleIndicators', 0.2, -1, ['hello']),
    dimension('multiStepPatterns', 0.03, 0.5, ['first … then']),
    dimension('questionComplexity', 0.02, 0, []),
  ],
  settings: 'as then',
}

function candidatesOf({ model, tier, status }: RequestView): RequestStory['candidates'] {
  const answered = status === 200
  const own = { model: model ?? '', deploymentId: 'one', provider: 'opencodego' }
  const rest = { ...own, model: 'opencode-qwen3-7-max', deploymentId: 'two' }
  return [
    ...(tier === 'COMPLEX'
      ? [
          {
            ...own,
            model: 'ollama/qwen3.5:397b',
            deploymentId: null,
            outcome: 'skipped' as const,
            reason: 'VPN off since 09:12',
          },
        ]
      : []),
    {
      ...own,
      outcome: answered ? ('answered' as const) : ('failed' as const),
      reason: answered ? 'second attempt' : '504',
    },
    { ...rest, outcome: 'not needed', reason: 'fallback' },
  ]
}

function sameTokensOf(request: RequestView): RequestStory['sameTokens'] {
  const router = routers.find(({ name }) => name === request.router)
  if (router === undefined || request.usage === null) return null
  const costs = [2_000_000, 18_500_000, 22_334_400, 18_500_000]
  return {
    compares: 'The tokens of this request at the prices of the first model of each tier.',
    tiers: router.tiers.map(({ tier, models }, place) => ({
      tier,
      model: models.at(-1)?.name ?? '',
      costNanoUsd: costs[place] ?? null,
      billing: 'billed',
      chosen: tier === request.tier,
    })),
  }
}
