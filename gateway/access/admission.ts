import type { BudgetSettings } from '../config/budget-settings.ts'
import type { Deployment } from '../config/gateway-config.ts'
import { usdText } from '../model/money-text.ts'
import { noUsage, type Usage } from '../model/usage.ts'
import { type ApplyingBudget, applyingBudgets, keyBudget, modelBudget, ownerOf } from './budgets/applying-budgets.ts'
import { type ChargedRequest, deploymentScope, keyScope, providerScope } from './budgets/budget-scopes.ts'
import { type ExpectedWork, expectedUsage } from './budgets/estimate.ts'
import type { Meter } from './budgets/meter.ts'
import type { MeterTable } from './budgets/meter-table.ts'
import type { Identity } from './identity.ts'
import type { OutputLengths } from './limits/output-lengths.ts'
import type { RateLimits, RateTicket } from './limits/rate-limits.ts'
import type { RateRefusal } from './limits/rate-window.ts'
import { type AdmissionRefusal, budgetRefusal, priceRefusal, rateRefusal } from './refusals.ts'

/** One thing a request may be sent to. */
export interface AdmissionTarget {
  readonly deployment: Deployment
  /** The group it answers for. */
  readonly group: string
}

export interface AskedWork extends ExpectedWork {
  readonly identity: Identity
  /** The model name as asked. */
  readonly model: string
  readonly tags: readonly string[]
  /** Bytes of a request per input token, learned per deployment. */
  readonly bytesPerToken: (deploymentId: string) => number | undefined
}

/** A finished request, as far as limits are about it. */
export interface FinishedWork extends ChargedRequest {
  readonly upstreamModel: string | null
  readonly usage: Usage | null
  /** Tokens that were probably used beyond the reported ones. */
  readonly estimatedTokens?: number
  /** A cached answer used no tokens of anybody. */
  readonly cache?: 'hit' | null
}

export interface Admitted {
  readonly kind: 'admitted'
  /** Why a target is not to be used for this request; undefined = it may be. */
  readonly refusalOf: (target: AdmissionTarget) => string | undefined
  /** Headers of the answer: the limits of the key and what is left of them. */
  readonly headers: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
  /** Exactly once, when the request has ended however it did: what was held is free, what was used is counted. */
  readonly finish: (finished: FinishedWork) => void
}

export interface Refused extends AdmissionRefusal {
  readonly kind: 'refused'
  /** True when a budget is used up that lets requests of routers go on, on their cheapest tier. */
  readonly mayDowngrade: boolean
}

export interface Admission {
  /**
   * Decides whether a request may be made, and holds what it will probably cost until it has ended. Synchronous and in
   * memory. `pastBudget`: a used-up budget does not refuse it (it was sent to the cheapest tier for that).
   */
  admit(asked: AskedWork, targets: readonly AdmissionTarget[], pastBudget?: boolean): Admitted | Refused
  /** What a request would probably cost on a target, nano-USD; undefined = unknown price. 0 where nothing is paid per token. */
  estimate(asked: AskedWork, target: AdmissionTarget): number | undefined
}

export interface AdmissionDependencies {
  readonly meters: MeterTable
  readonly rates: RateLimits
  readonly lengths: OutputLengths
  readonly settings: () => BudgetSettings
  readonly price: (deployment: Deployment, usage: Usage, at: number) => PriceOfUsage
  /** Told of every finished request, after it was counted. */
  readonly onCounted: (identity: Identity) => void
  /** ms since the epoch. */
  readonly now: () => number
  /** A clock in ms that never jumps. */
  readonly monotonic: () => number
}

/** What admission reads of a price. */
export interface PriceOfUsage {
  readonly costNanoUsd: number | null
  readonly billing: string
}

export function createAdmission(dependencies: AdmissionDependencies): Admission {
  return new LimitedAdmission(dependencies)
}

class LimitedAdmission implements Admission {
  readonly #dependencies: AdmissionDependencies

  constructor(dependencies: AdmissionDependencies) {
    this.#dependencies = dependencies
  }

  estimate(asked: AskedWork, target: AdmissionTarget): number | undefined {
    const { price, now } = this.#dependencies
    const priced = price(target.deployment, this.#usageOn(asked, target), now())
    return priced.billing === 'billed' ? (priced.costNanoUsd ?? undefined) : 0
  }

  admit(asked: AskedWork, targets: readonly AdmissionTarget[], pastBudget = false): Admitted | Refused {
    const { identity } = asked
    const settings = this.#dependencies.settings()
    this.#openMeter(identity)
    const models = [...new Set([asked.model, ...targets.slice(0, 1).map(({ group }) => group)])]
    const refusalOf = this.#targetRefusals(asked, models, pastBudget)
    const chosen = targets.find((target) => refusalOf(target) === undefined)
    if (chosen === undefined && targets.length > 0) {
      return refuse(priceRefusal(ownerOf(identity), targets[0]?.group ?? asked.model), asked)
    }
    const applying = applyingBudgets(identity, models, asked.tags, settings)
    const cost = chosen === undefined || !countsMoney(applying, chosen, settings) ? 0 : this.estimate(asked, chosen)
    const full = pastBudget || chosen === undefined ? undefined : this.#fullBudget(applying, cost ?? 0)
    // What costs nothing goes on without a budget, and then only to what costs nothing.
    const freeOnly = full !== undefined && cost === 0
    if (full !== undefined && !freeOnly) {
      const mayDowngrade = (identity.settings.onLimit ?? settings.onLimit) === 'downgrade'
      return refuse(budgetRefusal(full, this.#meterOf(full), this.#dependencies.now()), asked, mayDowngrade)
    }
    const ticket = this.#takeRate(asked, models, chosen)
    if ('refused' in ticket) return refuse(rateRefusal(ticket, this.#dependencies.now()), asked)
    const held = this.#hold(applying, chosen, cost ?? 0)
    return {
      kind: 'admitted',
      refusalOf: freeOnly ? (target) => refusalOf(target) ?? this.#whyNotFree(asked, target) : refusalOf,
      headers: { ...keyHeaders(identity), ...ticket.headers },
      warnings: cost === undefined ? uncountedWarning(applying) : [],
      finish: this.#finisher(identity, ticket, held, cost ?? 0),
    }
  }

  /** Also without a budget: one that is given later counts what was spent before it. */
  #openMeter({ kind, keyId, settings }: Identity): void {
    const isStored = kind === 'virtual' || kind === 'management'
    if (isStored) this.#dependencies.meters.at(keyScope(keyId), settings.budgetDuration, this.#dependencies.now())
  }

  #usageOn(asked: AskedWork, { deployment }: AdmissionTarget): Usage {
    const usual = this.#dependencies.lengths.usual(deployment.provider, deployment.upstreamModel)
    return expectedUsage(asked, deployment, asked.bytesPerToken(deployment.id), usual)
  }

  /** Why a target is no place for this key: its price, or a budget of the key for the model that is only behind another. */
  #targetRefusals(asked: AskedWork, models: readonly string[], pastBudget: boolean): Admitted['refusalOf'] {
    const mustKnowPrice = !allowsUnknownPrice(asked.identity, models, this.#dependencies.settings())
    return (target) => {
      if (mustKnowPrice && this.estimate(asked, target) === undefined) {
        return 'has no known price, and this key has a budget'
      }
      const own = modelBudget(asked.identity, target.group)
      if (own === undefined || pastBudget || models.includes(target.group)) return undefined
      return this.#fullBudget([own], 0) === undefined ? undefined : 'is over the budget that this key has for it'
    }
  }

  #whyNotFree(asked: AskedWork, target: AdmissionTarget): string | undefined {
    return this.estimate(asked, target) === 0 ? undefined : 'would cost money, and a budget is used up'
  }

  /** The first budget without room for a cost. While nothing is held and it is not used up, a request of any cost fits. */
  #fullBudget(applying: readonly ApplyingBudget[], cost: number): ApplyingBudget | undefined {
    return applying.find((entry) => {
      const { spent, reserved } = this.#meterOf(entry)
      const max = entry.budget.maxNanoUsd
      return spent >= max || (reserved > 0 && spent + reserved + cost > max)
    })
  }

  #meterOf({ scope, budget }: ApplyingBudget): Meter {
    return this.#dependencies.meters.at(scope, budget.duration, this.#dependencies.now())
  }

  #takeRate(
    asked: AskedWork,
    models: readonly string[],
    chosen: AdmissionTarget | undefined,
  ): RateTicket | RateRefusal {
    const { rates, monotonic, settings: rules } = this.#dependencies
    const { keyId, settings } = asked.identity
    const usage = chosen === undefined ? noUsage : this.#usageOn(asked, chosen)
    const tokens = usage.inputTokens + usage.outputTokens
    return rates.take(keyId, settings, models, tokens, monotonic(), rules().parallel)
  }

  /** Holds a cost in every meter that counts it, those of the deployment's provider and of itself included. */
  #hold(applying: readonly ApplyingBudget[], chosen: AdmissionTarget | undefined, cost: number): Meter[] {
    if (cost === 0 || chosen === undefined) return []
    const { meters, settings, now } = this.#dependencies
    const { id, provider, budget } = chosen.deployment
    const held = applying.map((entry) => this.#meterOf(entry))
    const ofProvider = settings().providers.get(provider)
    if (ofProvider !== undefined) held.push(meters.at(providerScope(provider), ofProvider.duration, now()))
    if (budget !== undefined) held.push(meters.at(deploymentScope(id), budget.duration, now()))
    for (const meter of held) meter.reserved += cost
    return held
  }

  #finisher(identity: Identity, ticket: RateTicket, held: readonly Meter[], cost: number): Admitted['finish'] {
    const { meters, lengths, monotonic, onCounted } = this.#dependencies
    let isOver = false
    return (finished) => {
      if (isOver) return
      isOver = true
      for (const meter of held) meter.reserved -= cost
      meters.charge(finished)
      const { provider, upstreamModel } = finished
      const usage = finished.cache === 'hit' ? null : finished.usage
      const reported = usage === null ? 0 : usage.inputTokens + usage.outputTokens
      ticket.release(reported + (finished.estimatedTokens ?? 0), monotonic())
      if (usage !== null && usage.outputTokens > 0 && provider !== null && upstreamModel !== null) {
        lengths.note(provider, upstreamModel, usage.outputTokens)
      }
      onCounted(identity)
    }
  }
}

function refuse(refusal: AdmissionRefusal, asked: AskedWork, mayDowngrade = false): Refused {
  return {
    kind: 'refused',
    error: refusal.error,
    headers: { ...keyHeaders(asked.identity), ...refusal.headers },
    mayDowngrade,
  }
}

/** False when nothing would look at what the request costs. */
function countsMoney(
  applying: readonly ApplyingBudget[],
  { deployment }: AdmissionTarget,
  settings: BudgetSettings,
): boolean {
  return applying.length > 0 || deployment.budget !== undefined || settings.providers.has(deployment.provider)
}

/** A key with a budget of its own calls only what has a price, unless it or the configuration says otherwise. */
function allowsUnknownPrice(identity: Identity, models: readonly string[], settings: BudgetSettings): boolean {
  if ((identity.settings.unknownPrice ?? settings.unknownPrice) === 'allow') return true
  return keyBudget(identity) === undefined && models.every((model) => modelBudget(identity, model) === undefined)
}

function uncountedWarning(applying: readonly ApplyingBudget[]): string[] {
  return applying.length === 0 ? [] : ['the price of this model is not known: no budget counts what it costs']
}

/** LiteLLM's headers of a key's limits (litellm-compat §4.1). */
function keyHeaders({ settings }: Identity): Record<string, string> {
  const headers: Record<string, string> = {}
  if (settings.maxBudgetNanoUsd !== null) headers['x-litellm-key-max-budget'] = usdText(settings.maxBudgetNanoUsd)
  if (settings.rpm !== null) headers['x-litellm-key-rpm-limit'] = String(settings.rpm)
  if (settings.tpm !== null) headers['x-litellm-key-tpm-limit'] = String(settings.tpm)
  return headers
}
