import type { JsonObject } from './json.ts'

/** What a key is for and how much it may use. Money in nano-USD; null = no limit, or not said. */
export interface KeySettings {
  readonly userId: string | null
  readonly teamId: string | null
  /** The coding agent the key was made for. */
  readonly agent: string | null
  /** Added to the tags of every request made with the key. */
  readonly tags: readonly string[]
  /** Model names that mean another one for this key: asked → actual. */
  readonly aliases: Readonly<Record<string, string>>
  readonly metadata: JsonObject
  /** Routes or groups of routes it may use; empty = all that its kind may. */
  readonly allowedRoutes: readonly string[]
  readonly maxBudgetNanoUsd: number | null
  /** Crossing it is told of and refuses nothing. */
  readonly softBudgetNanoUsd: number | null
  /** As written: `30d`, `monthly`. Null = the budget is for good. */
  readonly budgetDuration: string | null
  readonly modelBudgets: Readonly<Record<string, ModelBudget>>
  /** Requests and tokens in a minute, requests at a time. */
  readonly rpm: number | null
  readonly tpm: number | null
  readonly maxParallel: number | null
  readonly modelRpm: Readonly<Record<string, number>>
  readonly modelTpm: Readonly<Record<string, number>>
  /** What a used-up budget means; null = as configured for all keys. */
  readonly onLimit: OnLimit | null
  /** Whether a budgeted key may call a model without a known price; null = as configured. */
  readonly unknownPrice: UnknownPrice | null
}

export interface ModelBudget {
  readonly maxNanoUsd: number
  readonly duration: string | null
}

export type OnLimit = 'block' | 'downgrade'
export type UnknownPrice = 'refuse' | 'allow'

/** A key without any limit. */
export const plainKeySettings: KeySettings = {
  userId: null,
  teamId: null,
  agent: null,
  tags: [],
  aliases: {},
  metadata: {},
  allowedRoutes: [],
  maxBudgetNanoUsd: null,
  softBudgetNanoUsd: null,
  budgetDuration: null,
  modelBudgets: {},
  rpm: null,
  tpm: null,
  maxParallel: null,
  modelRpm: {},
  modelTpm: {},
  onLimit: null,
  unknownPrice: null,
}
