import { cacheOff } from '../../../gateway/config/compile/compile-cache.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'
import { quietDelivery, quietSignalbox } from '../../doubles/quiet-config.ts'
import type { DeliverySettings } from '../../../gateway/config/delivery-settings.ts'
import type {
  ComplexityOverrides,
  Deployment,
  GatewayConfig,
  RouterDefinition,
  TierTarget,
} from '../../../gateway/config/gateway-config.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'
import type { RequestFacts } from '../../../gateway/model/request-facts.ts'
import type { OrderingFacts } from '../../../gateway/routing/order-deployments.ts'
import type { DeploymentCondition, RoutingSnapshot } from '../../../gateway/routing/plan-types.ts'
import { quietSnapshot } from '../../../gateway/routing/quiet-snapshot.ts'

/** The four prompts of the setup we replace, by the tier they reach with its tuned router. */
export const seedPrompts = {
  simple: 'Hello, can you help me?',
  medium: 'Refactor the API to use async database queries with proper error handling',
  complex:
    'Design a distributed microservice architecture with container orchestration, high throughput, and low latency',
  reasoning:
    'Explain your reasoning for this authentication architecture. First, analyze the distributed design, then implement the container orchestration layer.',
} as const

/** Weights and boundaries of that router. */
export const tunedOverrides = {
  dimensionWeights: {
    tokenCount: 0.0,
    reasoningMarkers: 0.4,
    simpleIndicators: 0.2,
    technicalTerms: 0.25,
    codePresence: 0.1,
    multiStepPatterns: 0.03,
    questionComplexity: 0.02,
  },
  tierBoundaries: { simple_medium: 0.1, medium_complex: 0.25, complex_reasoning: 0.55 },
} as const

export function makeOverrides(given: Partial<ComplexityOverrides> = {}): ComplexityOverrides {
  return {
    tierBoundaries: {},
    tokenThresholds: {},
    dimensionWeights: undefined,
    codeKeywords: undefined,
    reasoningKeywords: undefined,
    technicalKeywords: undefined,
    simpleKeywords: undefined,
    customTechnicalKeywords: [],
    reasoningOverrideMinScore: undefined,
    textScope: 'user',
    noSignalTier: undefined,
    reminderMarkers: undefined,
    ...given,
  }
}

export function makeTarget(model: string, given: Partial<TierTarget> = {}): TierTarget {
  return { model, state: 'configured', defaults: {}, ...given }
}

export function makeRouter(given: Partial<RouterDefinition> = {}): RouterDefinition {
  return {
    name: 'router',
    tiers: {
      SIMPLE: [makeTarget('small')],
      MEDIUM: [makeTarget('middle')],
      COMPLEX: [makeTarget('large')],
      REASONING: [makeTarget('thinker')],
    },
    defaultModel: undefined,
    complexity: makeOverrides(tunedOverrides),
    missingTier: 'nearest',
    line: 1,
    ...given,
  }
}

export function makeDeployment(modelName: string, given: Partial<Deployment> = {}): Deployment {
  return { ...deploymentDouble({ id: `${modelName}-id`, modelName, upstreamModel: modelName, order: 1 }), ...given }
}

export interface SnapshotParts {
  readonly deployments?: readonly Deployment[]
  readonly routers?: readonly RouterDefinition[]
  readonly config?: Partial<Omit<GatewayConfig, 'signalbox'>>
  readonly delivery?: Partial<DeliverySettings>
  readonly snapshot?: Partial<Omit<RoutingSnapshot, 'config'>>
}

/** A snapshot of some deployments and routers; without any, of one router over `small`, `middle`, `large`, `thinker`. */
export function makeSnapshot(parts: SnapshotParts = {}): RoutingSnapshot {
  const deployments = parts.deployments ?? ['small', 'middle', 'large', 'thinker'].map((name) => makeDeployment(name))
  const routers = parts.routers ?? [makeRouter()]
  const config: GatewayConfig = {
    revision: 'r',
    path: '/config.yaml',
    modelNames: [...new Set([...routers.map(({ name }) => name), ...deployments.map(({ modelName }) => modelName)])],
    groups: Map.groupBy(deployments, (deployment) => deployment.modelName),
    routers: new Map(routers.map((router) => [router.name, router])),
    aliases: new Map(),
    fallbacks: new Map(),
    ...quietDelivery,
    maxFallbacks: 5,
    numRetries: 2,
    masterKey: { kind: 'none' },
    server: { port: undefined, host: undefined },
    signalbox: {
      ...quietSignalbox,
      allowedHosts: [],
      allowDockerHost: false,
      discovery: 'off',
      demo: 'on',
      toolValidation: 'warn',
      thinkTags: 'read',
      cache: cacheOff,
      retention: { rowDays: undefined },
      priceRefresh: { every: 'off', url: undefined },
      bodyLimitBytes: 1,
      ...parts.delivery,
    },
    backends: [],
    dropParams: false,
    traces: [],
    ...parts.config,
  }
  return {
    ...quietSnapshot,
    now: 0,
    config,
    switches: new Map(),
    demo: 'callable',
    allowedModels: undefined,
    random: 0.5,
    ...parts.snapshot,
  }
}

export function makeFacts(given: Partial<RequestFacts> = {}): RequestFacts {
  return {
    dialect: 'chat-completions',
    model: 'router',
    stream: false,
    userText: seedPrompts.simple,
    systemText: '',
    bodyBytes: 100,
    toolCount: 0,
    hasImages: false,
    maxOutputTokens: undefined,
    requestFallbacks: undefined,
    tags: [],
    controls: {},
    endUser: undefined,
    ...given,
  }
}

/** A condition of which a test says what matters. */
export function makeCondition(given: Partial<DeploymentCondition> = {}): DeploymentCondition {
  return { inFlight: 0, requestsThisMinute: 0, tokensThisMinute: 0, ...given }
}

/** Conditions by deployment id, for a snapshot. */
export function conditions(
  given: Readonly<Record<string, Partial<DeploymentCondition>>>,
): RoutingSnapshot['condition'] {
  return (id) => {
    const condition = given[id]
    return condition === undefined ? undefined : makeCondition(condition)
  }
}

/** What orders a group when nothing is known of its deployments. */
export function makeOrdering(given: Partial<OrderingFacts> = {}): OrderingFacts {
  return {
    ...quietDelivery.routing,
    stream: false,
    estimatedTokens: () => 100,
    condition: () => undefined,
    priceOf: () => undefined,
    isTight: () => false,
    ...given,
  }
}

/** What a call throws, which must be a GatewayError. */
export function refusalOf(call: () => unknown): GatewayError {
  try {
    call()
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
