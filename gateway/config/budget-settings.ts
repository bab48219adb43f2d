import type { JsonObject } from '../model/json.ts'
import type { OnLimit, UnknownPrice } from '../model/key-settings.ts'

/** What may be spent, in nano-USD, until it starts anew. */
export interface Budget {
  readonly maxNanoUsd: number
  /** As written: `30d`, `monthly`. Null = for good. */
  readonly duration: string | null
}

/** Budgets of the configuration, what all budgets have in common, and the limits that hold beside them for every key. */
export interface BudgetSettings {
  /** For everything that goes through the gateway. */
  readonly global: Budget | undefined
  readonly providers: ReadonlyMap<string, Budget>
  readonly tags: ReadonlyMap<string, Budget>
  /** What a used-up budget means for keys that say nothing of their own. */
  readonly onLimit: OnLimit
  readonly unknownPrice: UnknownPrice
  /** Whose calendar resets follow; undefined = the system's. */
  readonly timeZone: string | undefined
  readonly keyRules: KeyRules
  readonly parallel: ParallelLimits
}

/** Requests at a time; null = any number. */
export interface ParallelLimits {
  /** Of everybody together. */
  readonly gateway: number | null
  /** Of each key that has no limit of its own. */
  readonly eachKey: number | null
}

/** What keys get and may have, in LiteLLM's fields of a key. */
export interface KeyRules {
  /** Of new keys that do not say otherwise. */
  readonly defaults: JsonObject
  /** Nothing above these; new keys that say nothing have these. */
  readonly most: JsonObject
}
