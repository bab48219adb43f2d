import type { RequestView } from '../../gateway/contract/requests.ts'
import type { ExplainRequest, Explanation, RouterView } from '../../gateway/contract/routers.ts'
import type { GatewayStatus } from '../../gateway/contract/status.ts'

type Tier = NonNullable<RequestView['tier']>

/** 14:20 local time of one fixed day, so that the pictures do not change. */
export const scriptedNow = new Date(2026, 10, 18, 14, 20, 30).getTime()

const boundaries = { simple_medium: 0.1, medium_complex: 0.25, complex_reasoning: 0.55 }
const configured = (name: string) => ({ name, state: 'configured' as const })

export const routers: readonly RouterView[] = [
  {
    name: 'opencodego-router',
    position: { mode: 'auto' },
    tiers: [
      { tier: 'SIMPLE', models: [configured('opencode-deepseek-v4-flash')] },
      { tier: 'MEDIUM', models: [configured('opencode-deepseek-v4-pro')] },
      {
        tier: 'COMPLEX',
        models: [{ name: 'ollama/qwen3.5:397b', state: 'waiting' }, configured('opencode-kimi-k2-6')],
      },
      { tier: 'REASONING', models: [configured('opencode-mimo-v2-5-pro')] },
    ],
    boundaries,
    warnings: [],
    requestsToday: 131,
  },
  {
    name: 'frontier-router',
    position: { mode: 'pinned', tier: 'MEDIUM' },
    tiers: [
      { tier: 'SIMPLE', models: [configured('gpt-5.4-mini')] },
      { tier: 'MEDIUM', models: [configured('claude-sonnet-4-6')] },
      { tier: 'COMPLEX', models: [configured('gpt-5.5')] },
      { tier: 'REASONING', models: [configured('claude-opus-4-8')] },
    ],
    boundaries,
    warnings: [],
    requestsToday: 44,
  },
  {
    name: 'mistral-router',
    position: { mode: 'off' },
    tiers: [
      { tier: 'SIMPLE', models: [configured('mistral-small-4')] },
      { tier: 'MEDIUM', models: [configured('mistral-medium-3-5')] },
      { tier: 'REASONING', models: [configured('magistral-medium')] },
    ],
    boundaries,
    warnings: ['COMPLEX is not configured: REASONING answers in its place.'],
    requestsToday: 0,
  },
]

export const demoRouter: RouterView = {
  name: 'demo-router',
  position: { mode: 'auto' },
  tiers: (['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'] as const).map((tier) => ({
    tier,
    models: [configured(`demo-${tier.toLowerCase()}`)],
  })),
  boundaries,
  warnings: [],
  requestsToday: 0,
}

export const status: GatewayStatus = {
  version: '0.1.0',
  url: 'http://127.0.0.1:4000',
  startedAt: scriptedNow - 5_400_000,
  phase: 'running',
  inFlight: 2,
  models: 30,
  demo: 'callable',
  config: {
    path: '/home/user/.config/signalbox/config.yaml',
    revision: 'r1',
    problems: [],
    refused: false,
    restartNeeded: [],
  },
  spendToday: { requests: 412, billedNanoUsd: 1_953_412_600, demoNanoUsd: 0, unknownPriced: 0 },
  lastTier: 'COMPLEX',
}

export const demoStatus: GatewayStatus = {
  ...status,
  inFlight: 0,
  models: 5,
  demo: 'listed',
  spendToday: { requests: 0, billedNanoUsd: 0, demoNanoUsd: 0, unknownPriced: 0 },
}

/** The status after an edit of the config that cannot be used. */
export const refusedStatus: GatewayStatus = {
  ...status,
  config: {
    ...status.config,
    revision: 'r2',
    refused: true,
    problems: [
      {
        severity: 'error',
        file: 'config.yaml',
        line: 84,
        column: 25,
        path: 'tier_boundaries.medium_complex',
        message: 'medium_complex is the text "0,25", must be a number. Write 0.25.',
        seen: '0,25',
        wanted: 'a number',
        nearest: null,
      },
      {
        severity: 'error',
        file: 'config.yaml',
        line: 112,
        column: 7,
        path: 'model_list[7].litellm_params.model',
        message: 'model names no provider: "kimi-k2.6".',
        seen: 'kimi-k2.6',
        wanted: 'provider/model',
        nearest: 'opencodego/kimi-k2.6',
      },
      {
        severity: 'warning',
        file: 'config.yaml',
        line: 140,
        column: 3,
        path: 'litellm_settings.cache_params',
        message: 'cache_params type redis is not used by one gateway alone.',
        seen: 'redis',
        wanted: null,
        nearest: null,
      },
    ],
  },
}

/** A finished request; `ageSeconds` before the scripted now. */
export function finished(id: string, ageSeconds: number, part: Partial<RequestView> = {}): RequestView {
  const model = part.model ?? 'opencode-kimi-k2-6'
  return {
    id,
    phase: 'finished',
    startedAt: scriptedNow - ageSeconds * 1_000,
    askedModel: 'opencodego-router',
    model,
    provider: 'opencodego',
    router: 'opencodego-router',
    tier: 'COMPLEX',
    score: 0.395,
    reason: 'reasoning 0.28, technical 0.25, simple -0.20, code 0.05, multi-step 0.015',
    agent: 'opencode',
    session: 'ses_7f3a91c2',
    keyAlias: 'laptop',
    stream: true,
    status: 200,
    errorCode: null,
    usage: {
      inputTokens: 18_432,
      cachedTokens: 12_288,
      cacheWriteTokens: 0,
      outputTokens: 1_206,
      reasoningTokens: 402,
    },
    costNanoUsd: 22_334_400,
    priceSource: 'override',
    firstTokenMs: 1_870,
    totalMs: 9_420,
    attempts: [
      {
        deploymentId: 'kimi-1',
        model,
        status: 429,
        outcome: 'rate_limited',
        startedMs: 2,
        durationMs: 310,
        reason: 'the first choice',
        costNanoUsd: 1_200_000,
        estimated: true,
      },
      { deploymentId: 'kimi-2', model, status: 200, outcome: 'answered', startedMs: 1_312, durationMs: 8_108 },
    ],
    warnings: [],
    explanation: null,
    ...part,
  }
}

/** A request in flight that began at `startedAt`. */
export function running(id: string, startedAt: number, part: Partial<RequestView> = {}): RequestView {
  return {
    ...finished(id, 0),
    phase: 'running',
    startedAt,
    status: null,
    usage: null,
    costNanoUsd: null,
    priceSource: null,
    firstTokenMs: null,
    totalMs: null,
    attempts: [],
    ...part,
  }
}

const scores: Record<Tier, readonly [number, string]> = {
  SIMPLE: [-0.2, 'simple -0.20'],
  MEDIUM: [0.1, 'code 0.10'],
  COMPLEX: [0.25, 'technical 0.25'],
  REASONING: [0.595, 'reasoning 0.28, technical 0.25, code 0.05, multi-step 0.015'],
}

function row(id: string, age: number, tier: Tier, model: string, agent: string, dollars: number, totalMs: number) {
  const [score, reason] = scores[tier]
  return finished(id, age, {
    tier,
    score,
    reason,
    model,
    agent,
    router: model.startsWith('opencode') ? 'opencodego-router' : 'frontier-router',
    session: agent === 'opencode' ? 'ses_7f3a91c2' : 'ses_other',
    costNanoUsd: Math.round(dollars * 1e9),
    totalMs,
    attempts: [{ deploymentId: id, model, status: 200, outcome: 'answered', startedMs: 1, durationMs: totalMs - 1 }],
  })
}

export const requests: readonly RequestView[] = [
  running('call-running-1', scriptedNow - 3_200, { model: 'claude-sonnet-4-6', agent: 'claude-code', tier: 'MEDIUM' }),
  running('call-running-2', scriptedNow - 6_000, { firstTokenMs: 1_200 }),
  finished('call-kimi', 23),
  row('call-title', 24, 'SIMPLE', 'opencode-deepseek-v4-flash', 'opencode', 0.0004, 900),
  row('call-mimo', 99, 'REASONING', 'opencode-mimo-v2-5-pro', 'opencode', 0.0185, 21_700),
  row('call-sonnet', 132, 'MEDIUM', 'claude-sonnet-4-6', 'claude-code', 0.0412, 6_300),
  row('call-mini', 170, 'SIMPLE', 'gpt-5.4-mini', 'codex', 0.0021, 1_100),
  row('call-gpt', 208, 'COMPLEX', 'gpt-5.5', 'codex', 0.087, 14_200),
  row('call-kimi-2', 275, 'COMPLEX', 'opencode-kimi-k2-6', 'opencode', 0.0198, 8_800),
  finished('call-direct', 317, {
    model: 'gemini-3.1-pro-preview',
    askedModel: 'gemini-3.1-pro-preview',
    provider: 'gemini',
    router: null,
    tier: null,
    score: null,
    reason: null,
    agent: 'curl',
    session: null,
    costNanoUsd: 11_400_000,
    totalMs: 4_400,
    attempts: [],
  }),
  finished('call-unknown', 360, {
    model: 'saia-qwen3-coder',
    provider: 'saia',
    tier: 'MEDIUM',
    score: 0.1,
    reason: 'code 0.10',
    costNanoUsd: null,
    priceSource: 'unknown',
    totalMs: 130_000,
  }),
  row('call-flash', 403, 'SIMPLE', 'opencode-deepseek-v4-flash', 'opencode', 0.00002, 1_300),
  row('call-opus', 480, 'REASONING', 'claude-opus-4-8', 'claude-code', 1.214, 38_500),
  row('call-pro', 558, 'MEDIUM', 'opencode-deepseek-v4-pro', 'opencode', 0.0152, 5_100),
  finished('call-failed', 572, {
    model: 'opencode-deepseek-v4-pro',
    tier: 'MEDIUM',
    score: 0.1,
    reason: 'code 0.10',
    status: 504,
    errorCode: 'upstream_timeout',
    usage: null,
    costNanoUsd: null,
    firstTokenMs: null,
    totalMs: 30_000,
    attempts: [
      {
        deploymentId: 'pro-1',
        model: 'opencode-deepseek-v4-pro',
        status: null,
        outcome: 'upstream_timeout',
        startedMs: 1,
        durationMs: 29_990,
      },
    ],
  }),
  row('call-mistral', 669, 'SIMPLE', 'opencode-deepseek-v4-flash', 'opencode', 0.0003, 4_000),
  finished('call-demo', 700, {
    askedModel: 'demo-router',
    model: 'demo-simple',
    provider: 'demo',
    router: 'demo-router',
    tier: 'SIMPLE',
    score: -0.2,
    reason: 'simple -0.20',
    agent: 'curl',
    session: null,
    costNanoUsd: 412_000,
    priceSource: 'demo',
    firstTokenMs: 40,
    totalMs: 210,
    attempts: [],
  }),
]

/** A stand-in for the router: the four prompts of the README, and a plain answer for the rest. */
export function explain(request: ExplainRequest): Explanation {
  const prompt = JSON.stringify(request.body).toLowerCase()
  const reasoning = prompt.includes('explain your reasoning')
  const dimension = (name: string, weight: number, raw: number, fired: readonly string[]) => ({
    name,
    raw,
    weight,
    weighted: raw * weight,
    fired: [...fired],
  })
  const heard = (...words: readonly string[]) => words.filter((word) => prompt.includes(word))
  const dimensions = [
    dimension('tokenCount', 0, 0, []),
    dimension('codePresence', 0.1, reasoning ? 0.5 : 0, heard('implement')),
    dimension('reasoningMarkers', 0.4, reasoning ? 0.7 : 0, heard('explain your reasoning')),
    dimension(
      'technicalTerms',
      0.25,
      reasoning ? 1 : 0,
      heard('authentication', 'architecture', 'distributed', 'container'),
    ),
    dimension('simpleIndicators', 0.2, prompt.includes('hello') ? -1 : 0, heard('hello')),
    dimension('multiStepPatterns', 0.03, reasoning ? 0.5 : 0, reasoning ? ['first … then'] : []),
    dimension('questionComplexity', 0.02, 0, []),
  ]
  const score = dimensions.reduce((sum, one) => sum + one.weighted, 0)
  const tier: Tier = reasoning ? 'REASONING' : 'SIMPLE'
  return {
    model: request.model ?? '',
    router: request.model ?? null,
    tier,
    wantedTier: tier,
    score,
    cause: 'score',
    reason: null,
    boundaries,
    dimensions,
    candidates: [
      {
        model: reasoning ? 'opencode-mimo-v2-5-pro' : 'opencode-deepseek-v4-flash',
        deploymentId: 'one',
        provider: 'opencodego',
        upstreamModel: 'one',
        chainIndex: 0,
      },
    ],
    summary: '',
    strategy: 'simple-shuffle',
    failFast: false,
    onContextWindow: [],
    onContentPolicy: [],
    waiting: [],
    skipped: [],
    warnings: [],
  }
}
