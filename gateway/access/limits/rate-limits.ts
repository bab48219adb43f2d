import type { ParallelLimits } from '../../config/budget-settings.ts'
import type { KeySettings } from '../../model/key-settings.ts'
import { type RateRefusal, RateWindow } from './rate-window.ts'

/** What one request takes of the limits of its key, until it has ended. */
export interface RateTicket {
  /** Headers that tell the client where it stands, as OpenAI and LiteLLM name them. */
  readonly headers: Readonly<Record<string, string>>
  /** Exactly once, with the tokens really used (input and output) and the clock of `take`. */
  release(usedTokens: number, at: number): void
}

export interface RateLimits {
  /**
   * Takes a place for a request of the key, with the tokens it will probably use, or says which limit has no room.
   * `models`: the names its model goes by, for limits per model. `at`: a monotonic clock in ms. `parallel`: what holds
   * for every key.
   */
  take(
    keyId: string,
    settings: KeySettings,
    models: readonly string[],
    tokens: number,
    at: number,
    parallel: ParallelLimits,
  ): RateTicket | RateRefusal
  forgetKey(keyId: string): void
}

/** Most windows that are kept; the longest unused goes first. Idle windows hold nothing worth keeping. */
const mostWindows = 10_000

/** Requests and tokens per minute and requests at a time, per key and per key and model. In memory: a minute is over sooner than a restart. */
export function createRateLimits(): RateLimits {
  const windows = new Map<string, RateWindow>()

  const windowOf = (name: string): RateWindow => {
    const found = windows.get(name) ?? new RateWindow()
    windows.delete(name)
    windows.set(name, found)
    if (windows.size > mostWindows) dropIdle(windows)
    return found
  }

  return {
    take(keyId, settings, models, tokens, at, parallel) {
      const wanted = limitsOf(keyId, settings, models, parallel)
      if (wanted.length === 0) return freeTicket
      const held = wanted.map((limit) => ({ limit, window: windowOf(limit.name) }))
      for (const { limit, window } of held) {
        const refusal = window.judge(limit, tokens, at)
        if (refusal !== undefined) return refusal
      }
      for (const { window } of held) window.take(tokens, at)
      const [first] = held
      return {
        headers: first === undefined ? {} : first.window.headers(first.limit, at),
        release(usedTokens, endedAt) {
          for (const { window } of held) window.release(tokens, usedTokens, endedAt)
        },
      }
    },
    forgetKey(keyId) {
      for (const name of windows.keys()) if (name === keyId || name.startsWith(`${keyId} `)) windows.delete(name)
    },
  }
}

/** The limits of one window. */
export interface WindowLimits {
  readonly name: string
  /** What the limit belongs to, in words. */
  readonly owner: string
  readonly rpm: number | null
  readonly tpm: number | null
  readonly maxParallel: number | null
}

/** The window of the whole gateway. No key has this name: those are hashes, or words without a star. */
const everybody = { name: '*', owner: 'this gateway', rpm: null, tpm: null }

const freeTicket: RateTicket = { headers: {}, release: () => {} }

function limitsOf(
  keyId: string,
  settings: KeySettings,
  models: readonly string[],
  parallel: ParallelLimits,
): WindowLimits[] {
  const { rpm, tpm, modelRpm, modelTpm } = settings
  const maxParallel = settings.maxParallel ?? parallel.eachKey
  const limits: WindowLimits[] = []
  if (rpm !== null || tpm !== null || maxParallel !== null) {
    limits.push({ name: keyId, owner: 'this key', rpm, tpm, maxParallel })
  }
  for (const model of models) {
    const own = { rpm: modelRpm[model] ?? null, tpm: modelTpm[model] ?? null, maxParallel: null }
    if (own.rpm === null && own.tpm === null) continue
    limits.push({ name: `${keyId} ${model}`, owner: `this key on ${model.slice(0, 100)}`, ...own })
  }
  // Last: headers tell of the first, which is the key's own where it has one.
  if (parallel.gateway !== null) limits.push({ ...everybody, maxParallel: parallel.gateway })
  return limits
}

function dropIdle(windows: Map<string, RateWindow>): void {
  for (const [name, window] of windows) {
    if (!window.isIdle) continue
    windows.delete(name)
    if (windows.size <= mostWindows) return
  }
}
