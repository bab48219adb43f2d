import type { Deployment, PriceOverride, RouterDefinition } from '../config/gateway-config.ts'
import type { Tier } from '../model/tier.ts'

/** Pretend models for a machine on which nothing is set up. Their prices are invented and never part of real spend. */
export const demoRouterName = 'demo-router'

const demoPrices: Readonly<Record<Tier, readonly [input: string, output: string]>> = {
  SIMPLE: ['0.0000001', '0.0000004'],
  MEDIUM: ['0.0000005', '0.000002'],
  COMPLEX: ['0.000002', '0.000008'],
  REASONING: ['0.000005', '0.00002'],
}

/** The four demo deployments by model name, cheapest first. */
export const demoDeployments: ReadonlyMap<string, Deployment> = new Map(
  (['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'] as const).map((tier) => {
    const deployment = demoDeployment(tier)
    return [deployment.modelName, deployment]
  }),
)

/** Weights and boundaries tuned for coding agents, so that a greeting, a refactoring, a design and a proof reach four tiers. */
export const demoRouter: RouterDefinition = {
  name: demoRouterName,
  tiers: {
    SIMPLE: [demoTarget('SIMPLE')],
    MEDIUM: [demoTarget('MEDIUM')],
    COMPLEX: [demoTarget('COMPLEX')],
    REASONING: [demoTarget('REASONING')],
  },
  defaultModel: undefined,
  complexity: {
    tierBoundaries: { simple_medium: 0.1, medium_complex: 0.25, complex_reasoning: 0.55 },
    tokenThresholds: {},
    dimensionWeights: {
      tokenCount: 0,
      codePresence: 0.1,
      reasoningMarkers: 0.4,
      technicalTerms: 0.25,
      simpleIndicators: 0.2,
      multiStepPatterns: 0.03,
      questionComplexity: 0.02,
    },
    codeKeywords: undefined,
    reasoningKeywords: undefined,
    technicalKeywords: undefined,
    simpleKeywords: undefined,
    customTechnicalKeywords: [],
    reasoningOverrideMinScore: undefined,
    textScope: 'user',
    noSignalTier: undefined,
    reminderMarkers: undefined,
  },
  missingTier: 'nearest',
  line: 0,
}

function demoName(tier: Tier): string {
  return `demo-${tier.toLowerCase()}`
}

function demoTarget(tier: Tier) {
  return { model: demoName(tier), state: 'configured', defaults: {} } as const
}

function demoDeployment(tier: Tier): Deployment {
  const name = demoName(tier)
  return {
    id: name,
    modelName: name,
    provider: 'demo',
    adapter: 'demo',
    alternatives: [],
    upstreamModel: name,
    baseUrl: '',
    apiKey: { kind: 'none' },
    headers: {},
    defaults: {},
    refusedFields: [],
    renamedFields: {},
    acceptsStreamOptions: true,
    prices: pretendPrices(tier),
    baseModel: undefined,
    weight: undefined,
    rpm: undefined,
    tpm: undefined,
    order: 0,
    deadlines: { connectMs: 10_000, firstByteMs: 60_000, idleMs: 60_000, totalMs: 600_000 },
    tags: [],
    accessGroups: [],
    maxParallelRequests: undefined,
    quota: undefined,
    cooldown: { allowedFails: undefined, cooldownMs: undefined, allowedFailsPolicy: undefined },
    budget: undefined,
    numRetries: undefined,
    failFast: false,
    contextWindow: 128_000,
    totalWindow: undefined,
    maxOutputTokens: 4096,
    modelInfo: { id: name, mode: 'chat', pretend: true, description: 'Pretend model: canned answers, invented prices' },
    line: 0,
  }
}

function pretendPrices(tier: Tier): PriceOverride {
  const [inputPerToken, outputPerToken] = demoPrices[tier]
  return {
    inputPerToken,
    outputPerToken,
    cachedPerToken: undefined,
    cacheWritePerToken: undefined,
    reasoningPerToken: undefined,
  }
}
