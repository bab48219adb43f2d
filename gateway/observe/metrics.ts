import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { billedCost, type RequestRecord } from '../ledger/request-record.ts'
import type { Usage } from '../model/usage.ts'
import { BoundedLabels } from './bounded-labels.ts'
import { Tally } from './tally.ts'

export interface Metrics {
  readonly finished: (record: RequestRecord) => void
  /** Everything so far in Prometheus' text format. */
  readonly text: () => Promise<{ readonly contentType: string; readonly text: string }>
}

export interface MetricsDependencies {
  /** Requests under way now. */
  readonly inFlight: () => number
  /** Until when a deployment is cooled, in ms since the epoch; undefined = it is not. */
  readonly cooledUntil: (deploymentId: string) => number | undefined
}

const unknownValue = 'none'
const nanoPerUsd = 1_000_000_000
const mostSets = 2_000
const limits = { model: 300, provider: 100, router: 100, tier: 10, status: 10, agent: 40 } as const

/** From quick local models to reasoning ones that think for minutes; in seconds. */
const durationBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640]
const firstTokenBuckets = [0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 25, 50, 100]

/** Counts every finished request. Labels are names of the config and classes, never keys, sessions or texts of clients. */
export function createMetrics(dependencies: MetricsDependencies): Metrics {
  const registry = new Registry()
  const meters = createMeters(registry, dependencies)
  const tallies = createTallies()
  const bounds = {
    request: new BoundedLabels(limits, mostSets),
    model: new BoundedLabels({ model: limits.model, provider: limits.provider }, mostSets),
    attempt: new BoundedLabels({ model: limits.model, outcome: 60 }, mostSets),
  }
  const cooled = new Map<string, number>()
  let hasProcessMetrics = false

  const countAttempts = (record: RequestRecord): void => {
    for (const { deploymentId, model, outcome, reason } of record.attempts) {
      const labels = bounds.attempt.of({ model, outcome })
      tallies.attempts.add(labels)
      if (reason?.startsWith('retry ') === true) meters.retries.inc({ model: labels.model })
      const until = dependencies.cooledUntil(deploymentId)
      if (until !== undefined && until !== cooled.get(deploymentId)) meters.cooldowns.inc({ model: labels.model })
      if (until === undefined) cooled.delete(deploymentId)
      else cooled.set(deploymentId, until)
    }
  }
  return {
    finished: (record) => {
      tallies.requests.add(bounds.request.of(requestLabels(record)))
      const labels = bounds.model.of({
        model: record.modelName ?? unknownValue,
        provider: record.provider ?? unknownValue,
      })
      meters.duration.observe(labels, record.totalMs / 1_000)
      if (record.firstTokenMs !== null) meters.firstToken.observe(labels, record.firstTokenMs / 1_000)
      if (record.fallbacks > 0) meters.fallbacks.inc(labels)
      if (record.cache === 'hit') meters.cacheHits.inc(labels)
      else countUsage(record, labels, tallies)
      countAttempts(record)
    },
    text: async () => {
      // They watch the garbage collector and the event loop, so only where somebody reads them.
      if (!hasProcessMetrics) collectDefaultMetrics({ register: registry })
      hasProcessMetrics = true
      takeOver(tallies, meters)
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

function requestLabels({ modelName, provider, router, tier, status, agent }: RequestRecord) {
  return {
    model: modelName ?? unknownValue,
    provider: provider ?? unknownValue,
    router: router ?? unknownValue,
    tier: tier ?? unknownValue,
    status: `${Math.floor(status / 100)}xx`,
    agent: agent ?? unknownValue,
  }
}

interface ModelLabels {
  readonly model: string
  readonly provider: string
}

/** Tokens and money that an upstream was asked for: a cached answer has neither. */
function countUsage(record: RequestRecord, labels: ModelLabels, { tokens, cost, unpriced }: Tallies): void {
  const { usage } = record
  if (usage !== null) for (const [kind, read] of tokenKinds) tokens[kind].add(labels, read(usage))
  if (record.costNanoUsd === null && usage !== null) unpriced.add(labels)
  cost.add(labels, billedCost(record))
}

const tokenKinds = [
  ['input', (usage: Usage) => usage.inputTokens],
  ['cached', (usage: Usage) => usage.cachedTokens],
  ['cache_write', (usage: Usage) => usage.cacheWriteTokens],
  ['output', (usage: Usage) => usage.outputTokens],
  ['reasoning', (usage: Usage) => usage.reasoningTokens],
] as const

type Tallies = ReturnType<typeof createTallies>

/** What most requests are counted by. The rest is rare enough for the meters themselves. */
function createTallies() {
  const byModel = () => new Tally<ModelLabels>()
  return {
    requests: new Tally<ReturnType<typeof requestLabels>>(),
    attempts: new Tally<{ readonly model: string; readonly outcome: string }>(),
    tokens: {
      input: byModel(),
      cached: byModel(),
      cache_write: byModel(),
      output: byModel(),
      reasoning: byModel(),
    },
    /** Nano-USD. */
    cost: byModel(),
    unpriced: byModel(),
  }
}

function takeOver({ requests, attempts, tokens, cost, unpriced }: Tallies, meters: Meters): void {
  requests.drain((labels, sum) => meters.requests.inc(labels, sum))
  attempts.drain((labels, sum) => meters.attempts.inc(labels, sum))
  for (const [kind] of tokenKinds) tokens[kind].drain((labels, sum) => meters.tokens.inc({ ...labels, kind }, sum))
  cost.drain((labels, sum) => meters.cost.inc(labels, sum / nanoPerUsd))
  unpriced.drain((labels, sum) => meters.unpriced.inc(labels, sum))
}

type Meters = ReturnType<typeof createMeters>

function createMeters(registry: Registry, { inFlight }: MetricsDependencies) {
  const registers = [registry]
  const byModel = ['model', 'provider'] as const
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: `signalbox_${name}`, help, labelNames, registers })
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `signalbox_${name}`, help, labelNames: byModel, buckets, registers })
  const running: Gauge = new Gauge({
    name: 'signalbox_requests_in_flight',
    help: 'Requests under way',
    registers,
    collect: (): void => running.set(inFlight()),
  })
  const requestLabelNames = ['model', 'provider', 'router', 'tier', 'status', 'agent'] as const
  return {
    requests: counter('requests_total', 'Finished requests, refused ones included', requestLabelNames),
    tokens: counter('tokens_total', 'Tokens as reported; input includes cached and cache_write, output reasoning', [
      ...byModel,
      'kind',
    ]),
    cost: counter(
      'cost_usd_total',
      'Billed cost in US dollars; for dashboards, the ledger has the exact sums',
      byModel,
    ),
    unpriced: counter('unpriced_requests_total', 'Answers whose price is not known', byModel),
    attempts: counter('attempts_total', 'Calls of upstreams by what ended them', ['model', 'outcome']),
    retries: counter('retries_total', 'Repeats on the same deployment', ['model']),
    fallbacks: counter('fallbacks_total', 'Answers of a group that was not the first of its chain', byModel),
    cooldowns: counter('cooldowns_total', 'Deployments taken out for a while', ['model']),
    cacheHits: counter('cache_hits_total', 'Answers from the cache, shared upstream calls included', byModel),
    duration: histogram('request_duration_seconds', 'From arrival to the last byte', durationBuckets),
    firstToken: histogram('first_token_seconds', 'From arrival to the first output', firstTokenBuckets),
  }
}
