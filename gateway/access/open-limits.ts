import type { Deployment, GatewayConfig } from '../config/gateway-config.ts'
import type { Usage } from '../model/usage.ts'
import type { BudgetRepository } from '../store/budget-repository.ts'
import { type Admission, createAdmission, type PriceOfUsage } from './admission.ts'
import { type BudgetCondition, createBudgetConditions } from './budgets/budget-conditions.ts'
import { openBudgetKeeper } from './budgets/budget-keeper.ts'
import {
  deploymentScope,
  globalScope,
  keyModelScope,
  keyScope,
  providerScope,
  tagScope,
} from './budgets/budget-scopes.ts'
import { type BudgetViews, createBudgetViews, softBudgetNotice } from './budgets/budget-views.ts'
import type { MeterTable } from './budgets/meter-table.ts'
import type { Identity } from './identity.ts'
import type { KeyStore } from './key-store.ts'
import { createOutputLengths } from './limits/output-lengths.ts'
import { createRateLimits } from './limits/rate-limits.ts'
import type { StoredKey } from './stored-key.ts'

/** Budgets and rate limits of one gateway. */
export interface Limits {
  readonly admission: Admission
  readonly views: BudgetViews
  /** What budgets know of a deployment, for plans. */
  readonly condition: (deploymentId: string) => BudgetCondition | undefined
  /** What a key has spent since its budget started anew, nano-USD; undefined where that is no other than in all. */
  keySpend(keyId: string): number | undefined
  /** Frees what is kept of a key that was deleted. */
  forgetKey(keyId: string): void
  /** Keeps a last time what was spent; the ledger must have written its rows. */
  close(): Promise<void>
}

export interface LimitsOptions {
  readonly repository: BudgetRepository
  readonly keys: Pick<KeyStore, 'list' | 'findById'>
  readonly config: () => GatewayConfig
  readonly price: (deployment: Deployment, usage: Usage, at: number) => PriceOfUsage
  /** A soft budget was just used up: one sentence. */
  readonly onNotice: (notice: string) => void
  /** The state of budgets could not be stored; they go on in memory. */
  readonly onFailure: (failure: unknown) => void
  readonly now: () => number
  readonly monotonic: () => number
}

/** Answers of the ledger that usual output lengths are learned from at start. */
const rememberedAnswers = 5000

/** Brings the budgets to where the ledger says they are. */
export async function openLimits(options: LimitsOptions): Promise<Limits> {
  const { repository, keys, config, now, monotonic } = options
  const systemZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const zone = (): string => config().budgets.timeZone ?? systemZone
  const keeper = await openBudgetKeeper({
    repository,
    zone,
    prepare: (meters, fromStart) => prepareMeters(meters, keys.list(), config(), fromStart ? 0 : now()),
    onFailure: options.onFailure,
  })
  const { meters } = keeper
  const lengths = createOutputLengths()
  for (const answer of (await repository.latestOutputs(rememberedAnswers)).toReversed()) {
    if (answer.outputTokens > 0) lengths.note(answer.provider, answer.upstreamModel, answer.outputTokens)
  }
  const rates = createRateLimits()
  const onCounted = createSoftBudgetWatch(meters, keys, options.onNotice)
  const admission = createAdmission({
    meters,
    rates,
    lengths,
    settings: () => config().budgets,
    price: options.price,
    onCounted,
    now,
    monotonic,
  })

  return {
    admission,
    views: createBudgetViews(meters, now),
    condition: createBudgetConditions(meters, config, now),
    keySpend(keyId) {
      const meter = meters.find(keyScope(keyId))
      return meter?.duration === undefined ? undefined : meter.spent
    },
    forgetKey(keyId) {
      meters.forgetKey(keyId)
      rates.forgetKey(keyId)
    },
    close: () => keeper.close(),
  }
}

/** A meter for everything that has a budget, and for every key: rows that are read next count for them. */
function prepareMeters(meters: MeterTable, keys: readonly StoredKey[], config: GatewayConfig, from: number): void {
  for (const { id, createdAt, settings } of keys) {
    meters.ensure(keyScope(id), settings.budgetDuration, createdAt)
    for (const [model, { duration }] of Object.entries(settings.modelBudgets)) {
      meters.ensure(keyModelScope(id, model), duration, createdAt)
    }
  }
  const { global, providers, tags } = config.budgets
  if (global !== undefined) meters.ensure(globalScope, global.duration, from)
  for (const [provider, { duration }] of providers) meters.ensure(providerScope(provider), duration, from)
  for (const [tag, { duration }] of tags) meters.ensure(tagScope(tag), duration, from)
  for (const { id, budget } of [...config.groups.values()].flat()) {
    if (budget !== undefined) meters.ensure(deploymentScope(id), budget.duration, from)
  }
}

/** Tells of a soft budget once until it starts anew. */
function createSoftBudgetWatch(
  meters: MeterTable,
  keys: Pick<KeyStore, 'findById'>,
  onNotice: (notice: string) => void,
): (identity: Identity) => void {
  const told = new Map<string, number>()
  return ({ keyId, settings }) => {
    if (settings.softBudgetNanoUsd === null) return
    const meter = meters.find(keyScope(keyId))
    const key = keys.findById(keyId)
    if (meter === undefined || key === undefined || told.get(keyId) === meter.startedAt) return
    const notice = softBudgetNotice(key, meter)
    if (notice === undefined) return
    told.set(keyId, meter.startedAt)
    onNotice(notice)
  }
}
