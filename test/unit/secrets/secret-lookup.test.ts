import { describe, expect, it } from 'vitest'
import { Secret } from '../../../gateway/model/secret.ts'
import { createMemoryStore } from '../../../gateway/secrets/memory-store.ts'
import { createSecretLookup } from '../../../gateway/secrets/secret-lookup.ts'
import type { SecretStore } from '../../../gateway/secrets/secret-store.ts'

/** A store whose answers the test decides, and which counts its questions. */
function scriptedStore(answer: (account: string) => Promise<Secret | undefined>) {
  const asked: string[] = []
  const store: SecretStore = {
    ...createMemoryStore(),
    get: (account) => {
      asked.push(account)
      return answer(account)
    },
  }
  return { store, asked }
}

describe('the lookup of names', () => {
  it('takes the environment first and never asks the store for what is there', async () => {
    const { store, asked } = scriptedStore(() => Promise.resolve(new Secret('from-store')))
    const secrets = createSecretLookup({ environment: { A: 'from-environment' }, store })
    await secrets.fetchMissing(['A'])
    expect(secrets.lookup('A')).toBe('from-environment')
    expect(asked).toEqual([])
  })

  it('counts an empty variable as unset', async () => {
    const secrets = createSecretLookup({ environment: { A: '' }, store: createMemoryStore({ A: new Secret('kept') }) })
    expect(secrets.lookup('A')).toBeUndefined()
    await secrets.fetchMissing(['A'])
    expect(secrets.lookup('A')).toBe('kept')
  })

  it('asks for all names at once', async () => {
    const waiting: (() => void)[] = []
    const { store, asked } = scriptedStore((account) => {
      const { promise, resolve } = Promise.withResolvers<Secret>()
      waiting.push(() => resolve(new Secret(account)))
      return promise
    })
    const secrets = createSecretLookup({ environment: {}, store })
    const fetching = secrets.fetchMissing(['A', 'B', 'C', 'A'])
    expect(asked).toEqual(['A', 'B', 'C'])
    for (const answer of waiting) answer()
    expect((await fetching).found).toEqual(['A', 'B', 'C'])
  })

  it('does not ask again for what the store does not have, unless told to', async () => {
    const { store, asked } = scriptedStore(() => Promise.resolve(undefined))
    const secrets = createSecretLookup({ environment: {}, store })
    expect((await secrets.fetchMissing(['A'])).absent).toEqual(['A'])
    await secrets.fetchMissing(['A'])
    expect(asked).toEqual(['A'])
    await secrets.fetchMissing(['A'], true)
    expect(asked).toEqual(['A', 'A'])
  })

  it('asks again for what could not be asked, and says why it could not', async () => {
    let locked = true
    const { store } = scriptedStore(() =>
      locked ? Promise.reject(new Error('locked')) : Promise.resolve(new Secret('opened')),
    )
    const secrets = createSecretLookup({ environment: {}, store })
    const first = await secrets.fetchMissing(['A'])
    expect(first).toMatchObject({ failed: ['A'], absent: [] })
    expect(first.failure?.message).toBe('The secret store failed for a reason it did not name.')
    locked = false
    expect((await secrets.fetchMissing(['A'])).found).toEqual(['A'])
  })

  it('gives up on a silent store after its deadline, and a good name beside it is not lost', async () => {
    const { store } = scriptedStore((account) =>
      account === 'GOOD' ? Promise.resolve(new Secret('here')) : new Promise(() => undefined),
    )
    const secrets = createSecretLookup({ environment: {}, store, deadlineMs: 20 })
    const result = await secrets.fetchMissing(['SILENT', 'GOOD'])
    expect(result).toMatchObject({ found: ['GOOD'], failed: ['SILENT'] })
    expect(result.failure?.message).toContain('SILENT')
  })

  it('tells its listeners what was found, until they leave', async () => {
    const secrets = createSecretLookup({
      environment: {},
      store: createMemoryStore({ A: new Secret('a'), B: new Secret('b') }),
    })
    const told: string[][] = []
    const leave = secrets.onFound((names) => told.push([...names]))
    await secrets.fetchMissing(['A', 'MISSING'])
    leave()
    await secrets.fetchMissing(['B'])
    expect(told).toEqual([['A']])
  })
})
