import type { ModelView } from '../../gateway/contract/models.ts'
import type { Replay } from '../../gateway/contract/replay.ts'
import type { TryRequest } from '../../gateway/contract/router-draft.ts'
import type { RouterSettings } from '../../gateway/contract/router-settings.ts'
import { controlRoutes } from '../../gateway/contract/routes.ts'
import { explain, routers, scriptedNow } from './scripted-data.ts'

/** Answers of the routes behind the page Routers; undefined for any other. */
export function answerRouters(call: string, body: unknown): unknown {
  const path = call.slice(call.indexOf(' ') + 1)
  if (path === controlRoutes.models) return { models, useReadAt: scriptedNow }
  for (const { name } of routers) {
    if (path === controlRoutes.routerSettings(name)) return settings
    if (path === controlRoutes.replayRouter(name)) return replay
    if (path === controlRoutes.tryRouter(name)) {
      const { text, draft } = body as TryRequest
      const saved = explain({ model: name, body: { messages: [{ role: 'user', content: text }] } })
      const weights = draft?.dimension_weights ?? {}
      const dimensions = saved.dimensions.map((one) => {
        const weight = weights[one.name as keyof typeof weights] ?? one.weight
        return { ...one, weight, weighted: one.raw * weight }
      })
      const score = dimensions.reduce((sum, { weighted }) => sum + weighted, 0)
      const edited = { ...saved, dimensions, score, ...(score < 0.55 && score > 0.25 ? complex : {}) }
      return { saved, edited: draft === undefined ? null : edited }
    }
  }
  if (path === controlRoutes.configEdits) return { written: true, revision: 'r2', text: '', problems: [] }
  return undefined
}

const complex = {
  tier: 'COMPLEX' as const,
  wantedTier: 'COMPLEX' as const,
  candidates: [
    { model: 'opencode-kimi-k2-6', deploymentId: 'kimi', provider: 'opencodego', upstreamModel: 'kimi', chainIndex: 1 },
  ],
}

export const settings: RouterSettings = {
  revision: 'r1',
  place: ['model_list', 30, 'litellm_params', 'complexity_router_config'],
  problem: null,
  written: { tiers: { SIMPLE: 'opencode-deepseek-v4-flash' }, dimension_weights: { technicalTerms: 0.25 } },
  weights: {
    tokenCount: 0,
    codePresence: 0.1,
    reasoningMarkers: 0.4,
    technicalTerms: 0.25,
    simpleIndicators: 0.2,
    multiStepPatterns: 0.03,
    questionComplexity: 0.02,
  },
  boundaries: { simple_medium: 0.1, medium_complex: 0.25, complex_reasoning: 0.55 },
  tokenThresholds: { simple: 15, complex: 400 },
  reasoningOverrideMinScore: null,
  noSignalTier: null,
  defaultModel: null,
  textScope: 'user',
}

const share = (tier: Replay['before'][number]['tier'], requests: number, dollars: number) => ({
  tier,
  requests,
  costNanoUsd: Math.round(dollars * 1e9),
})

export const replay: Replay = {
  router: 'opencodego-router',
  since: scriptedNow - 7 * 86_400_000,
  until: scriptedNow,
  requests: 1_610,
  replayed: 1_610,
  sampled: false,
  withoutFeatures: 12,
  otherVersion: 0,
  before: [
    share('SIMPLE', 660, 0.4),
    share('MEDIUM', 386, 1.5),
    share('COMPLEX', 387, 3.9),
    share('REASONING', 177, 1.73),
  ],
  after: [
    share('SIMPLE', 660, 0.4),
    share('MEDIUM', 450, 1.7),
    share('COMPLEX', 371, 3.7),
    share('REASONING', 129, 1.5),
  ],
  cost: {
    beforeNanoUsd: 7_530_000_000,
    afterNanoUsd: 7_300_000_000,
    unknown: 0,
    compares: 'The tokens of each request at the prices of the first model of each tier.',
  },
  moves: [
    { from: 'COMPLEX', to: 'MEDIUM', requests: 64, costNanoUsd: -310_000_000, unknown: 0 },
    { from: 'REASONING', to: 'COMPLEX', requests: 48, costNanoUsd: 80_000_000, unknown: 0 },
  ],
  labels: { checked: 9, contradictedBefore: 0, contradictedAfter: 3, contradictions: [] },
  notes: [],
  missingTiers: null,
}

const prices: Readonly<Record<string, readonly [number, number]>> = {
  'opencode-deepseek-v4-flash': [0.09, 0.27],
  'opencode-deepseek-v4-pro': [0.84, 2.53],
  'opencode-kimi-k2-6': [0.95, 4],
  'opencode-mimo-v2-5-pro': [0.84, 2.52],
  'gpt-5.4-mini': [0.25, 2],
  'claude-sonnet-4-6': [3, 15],
  'gpt-5.5': [1.25, 10],
  'claude-opus-4-8': [5, 25],
}

const model = (name: string, given: Partial<ModelView> = {}): ModelView => ({
  name,
  kind: 'model',
  provider: 'opencodego',
  lamp: 'up',
  health: 'It answers.',
  contextWindow: 262_144,
  maxOutputTokens: null,
  price:
    prices[name] === undefined
      ? null
      : { input: prices[name][0], output: prices[name][1], cacheRead: null, cacheWrite: null, provenance: 'config' },
  billing: 'billed',
  capabilities: ['tools'],
  usedBy: [],
  lastUsedAt: null,
  p50FirstTokenMs: null,
  measured: 0,
  source: { kind: 'config', line: 3 },
  deployments: [],
  ...given,
})

export const models: readonly ModelView[] = [
  ...Object.keys(prices).map((name) => model(name)),
  model('ollama/qwen3.5:397b', { lamp: 'away', health: 'VPN off: reconnect to use gpu-node.', billing: 'local' }),
  model('opencodego-router', { kind: 'router', provider: null, billing: null }),
]
