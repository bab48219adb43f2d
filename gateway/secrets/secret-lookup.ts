import type { Secret } from '../model/secret.ts'
import { secretDeadlineMs, withDeadline } from './deadline.ts'
import { SecretStoreError } from './secret-store-error.ts'
import type { SecretStore } from './secret-store.ts'

export interface SecretLookupOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly store: SecretStore
  /** Per name, in ms. */
  readonly deadlineMs?: number
}

export interface FetchResult {
  /** Names that the store gave now and had not given before. */
  readonly found: readonly string[]
  /** Names the store does not have. */
  readonly absent: readonly string[]
  /** Names that could not be asked for; the next fetch tries them again. */
  readonly failed: readonly string[]
  /** Why, once for all of them. */
  readonly failure: SecretStoreError | undefined
}

export interface SecretLookup {
  /** The value by name: environment first, then what the store gave so far. Never asks the store, so it is quick. */
  readonly lookup: (name: string) => string | undefined
  /** Asks the store for names that `lookup` does not know, all at once. Never rejects. `refresh` also asks again for those known to be absent. */
  fetchMissing(names: readonly string[], refresh?: boolean): Promise<FetchResult>
  /** A value that was stored just now: known at once. */
  put(name: string, value: Secret): void
  /** Forgets what the store gave, because it is not there any more. */
  forget(name: string): void
  /** Called when something was found, stored or forgotten: the moment to read the config again. Returns its own removal. */
  onFound(listener: (names: readonly string[]) => void): () => void
}

/** Where the config's references (`os.environ/NAME`, `${NAME}`) get their values from. An empty variable counts as unset. */
export function createSecretLookup(options: SecretLookupOptions): SecretLookup {
  const cache = new Map<string, Secret>()
  const absent = new Set<string>()
  const listeners = new Set<(names: readonly string[]) => void>()

  const lookup = (name: string): string | undefined => {
    const value = options.environment[name]
    return value === undefined || value === '' ? cache.get(name)?.reveal() : value
  }
  const ask = (name: string): Promise<Secret | undefined> =>
    withDeadline(
      options.deadlineMs ?? secretDeadlineMs,
      () => options.store.get(name),
      () => new SecretStoreError(options.store.name, `The ${options.store.name} did not answer in time for ${name}.`),
    )

  return {
    lookup,
    async fetchMissing(names, refresh = false) {
      const wanted = [...new Set(names)].filter((name) => lookup(name) === undefined && (refresh || !absent.has(name)))
      const answers = await Promise.allSettled(wanted.map(ask))
      const result = sortAnswers(wanted, answers)
      for (const [name, secret] of result.secrets) cache.set(name, secret)
      for (const name of result.absent) absent.add(name)
      const found = [...result.secrets.keys()]
      for (const name of found) absent.delete(name)
      if (found.length > 0) for (const listener of listeners) listener(found)
      return { found, absent: result.absent, failed: result.failed, failure: result.failure }
    },
    put(name, value) {
      cache.set(name, value)
      absent.delete(name)
      for (const listener of listeners) listener([name])
    },
    forget(name) {
      cache.delete(name)
      absent.add(name)
      for (const listener of listeners) listener([name])
    },
    onFound(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function sortAnswers(names: readonly string[], answers: readonly PromiseSettledResult<Secret | undefined>[]) {
  const secrets = new Map<string, Secret>()
  const absent: string[] = []
  const failed: string[] = []
  let failure: SecretStoreError | undefined
  for (const [index, name] of names.entries()) {
    const answer = answers[index]
    if (answer?.status === 'fulfilled') {
      if (answer.value === undefined) absent.push(name)
      else secrets.set(name, answer.value)
      continue
    }
    failed.push(name)
    failure ??= toStoreError(answer?.reason)
  }
  return { secrets, absent, failed, failure }
}

function toStoreError(reason: unknown): SecretStoreError {
  if (reason instanceof SecretStoreError) return reason
  return new SecretStoreError('unknown', 'The secret store failed for a reason it did not name.', reason)
}
