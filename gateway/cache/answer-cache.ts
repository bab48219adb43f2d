import type { AnswerRepository, AnswerRow, AnswersSize } from '../store/answer-repository.ts'
import { type CachedAnswer, fromRow, toRow } from './cached-answer.ts'

/** Kept answers by key. Nothing here ever fails a request: what goes wrong is logged, and the cache has nothing to give. */
export interface AnswerCache {
  /** `maxAgeMs`: how old it may be; undefined = as old as it is kept. */
  find(key: string, maxAgeMs: number | undefined): Promise<CachedAnswer | undefined>
  /** Keeps an answer for `ttlMs`. It is found from now on, and on disk soon. */
  put(key: string, answer: CachedAnswer, ttlMs: number): void
  delete(keys: readonly string[]): Promise<number>
  /** Forgets everything and deletes the file. Gives how many answers there were. */
  clear(): Promise<number>
  size(): Promise<AnswersSize>
  /** Writes what waits and closes the file. */
  close(): Promise<void>
}

export interface AnswerCacheOptions {
  /** Opens the file; called when the cache is first used. */
  readonly open: () => AnswerRepository
  /** Deletes the file, whatever state it is in. */
  readonly remove: () => void
  readonly now: () => number
  readonly maxBytes: () => number
  readonly logger: { warn(fields: object, message: string): void }
}

/** Answers wait this long for others to share their transaction, or until there are so many bytes. */
const batchMs = 100
const mostWaitingBytes = 8 * 1024 * 1024

export function createAnswerCache(options: AnswerCacheOptions): AnswerCache {
  return new FileCache(options)
}

class FileCache implements AnswerCache {
  readonly #options: AnswerCacheOptions
  #repository: AnswerRepository | undefined
  #waiting = new Map<string, AnswerRow>()
  #waitingBytes = 0
  #used = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #broken = false

  constructor(options: AnswerCacheOptions) {
    this.#options = options
  }

  async find(key: string, maxAgeMs: number | undefined): Promise<CachedAnswer | undefined> {
    const now = this.#options.now()
    const row = this.#waiting.get(key) ?? (await this.#attempt((file) => file.find(key, now)))
    if (row === undefined || row.expiresAt <= now) return undefined
    if (maxAgeMs !== undefined && row.storedAt < now - maxAgeMs) return undefined
    this.#used.add(key)
    this.#schedule()
    return fromRow(row)
  }

  put(key: string, answer: CachedAnswer, ttlMs: number): void {
    const row = toRow(key, answer, ttlMs)
    this.#waitingBytes += row.body.length
    this.#waiting.set(key, row)
    if (this.#waitingBytes >= mostWaitingBytes) void this.#flush()
    else this.#schedule()
  }

  async delete(keys: readonly string[]): Promise<number> {
    await this.#flush()
    return (await this.#attempt((file) => file.delete(keys))) ?? 0
  }

  async clear(): Promise<number> {
    await this.#flush()
    this.#broken = false
    const count = (await this.#attempt((file) => file.clear())) ?? 0
    // A damaged file is begun anew: this is the way out of it.
    if (this.#broken) this.#options.remove()
    this.#broken = false
    return count
  }

  async size(): Promise<AnswersSize> {
    await this.#flush()
    return (await this.#attempt((file) => file.size())) ?? { answers: 0, bytes: 0 }
  }

  async close(): Promise<void> {
    await this.#flush()
    this.#repository?.close()
    this.#repository = undefined
    this.#broken = true
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.#flush(), batchMs).unref()
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const rows = [...this.#waiting.values()]
    const used = [...this.#used]
    this.#waiting = new Map()
    this.#waitingBytes = 0
    this.#used = new Set()
    if (rows.length === 0 && used.length === 0) return
    const { now, maxBytes } = this.#options
    await this.#attempt((file) => file.write({ rows, used, now: now(), maxBytes: maxBytes() }))
  }

  /** A file that cannot be opened is not tried again until the cache is cleared; a failed statement may work the next time. */
  async #attempt<Result>(work: (file: AnswerRepository) => Promise<Result>): Promise<Result | undefined> {
    if (this.#broken) return undefined
    try {
      this.#repository ??= this.#options.open()
      return await work(this.#repository)
    } catch (failure) {
      this.#broken = this.#repository === undefined
      const state = this.#broken ? 'the cache is not used' : 'an answer was not kept or not found'
      this.#options.logger.warn({ err: failure }, `the file of cached answers failed: ${state}`)
      return undefined
    }
  }
}
