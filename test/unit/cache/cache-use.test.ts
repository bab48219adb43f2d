import { describe, expect, it } from 'vitest'
import { cacheOff } from '../../../gateway/config/compile/compile-cache.ts'
import { cacheUse, callOf } from '../../../gateway/cache/cache-use.ts'

const on = { ...cacheOff, enabled: true }
const optIn = { ...on, mode: 'default_off' } as const

describe('what the cache does for a request', () => {
  it('is nothing while it is switched off, whatever the request says', () => {
    expect(cacheUse(cacheOff, { useCache: true, ttlMs: 5 }, 'messages')).toBeUndefined()
  })

  it('is reading and keeping when it is on', () => {
    expect(cacheUse(on, undefined, 'messages')).toMatchObject({
      read: true,
      write: true,
      ttlMs: on.ttlMs,
      coalesce: false,
    })
  })

  it('takes no-cache as "ask anew" and no-store as "do not keep"', () => {
    expect(cacheUse(on, { noCache: true }, 'messages')).toMatchObject({ read: false, write: true })
    expect(cacheUse(on, { noStore: true }, 'messages')).toMatchObject({ read: true, write: false })
    expect(cacheUse(on, { noCache: true, noStore: true }, 'messages')).toBeUndefined()
  })

  it('needs use-cache where caching is opt-in', () => {
    expect(cacheUse(optIn, undefined, 'messages')).toBeUndefined()
    expect(cacheUse(optIn, { useCache: true }, 'messages')).toMatchObject({ read: true, write: true })
  })

  it('is limited to the configured kinds of call', () => {
    const embeddings = { ...on, calls: ['embeddings'] } as const
    expect(cacheUse(embeddings, undefined, 'messages')).toBeUndefined()
    expect(cacheUse(embeddings, undefined, 'embeddings')).toBeDefined()
    expect(cacheUse(on, undefined, undefined)).toBeUndefined()
  })

  it('keeps for as long as the request says, within the bound', () => {
    expect(cacheUse(on, { ttlMs: 5_000 }, 'messages')?.ttlMs).toBe(5_000)
    expect(cacheUse(on, { ttlMs: Number.MAX_SAFE_INTEGER }, 'messages')?.ttlMs).toBe(on.maxAgeMs)
    expect(cacheUse(on, { maxAgeMs: 7 }, 'messages')?.maxAgeMs).toBe(7)
  })

  it('shares upstream calls only when asked, and never a fresh or a private one', () => {
    const shared = { ...cacheOff, coalesce: true }
    expect(cacheUse(shared, undefined, 'gemini')).toMatchObject({ read: false, write: false, coalesce: true })
    expect(cacheUse(shared, { noCache: true }, 'gemini')).toBeUndefined()
    expect(cacheUse(shared, { noStore: true }, 'gemini')).toBeUndefined()
  })
})

describe('the kind of a call', () => {
  it('is its dialect, its endpoint or its legacy form', () => {
    expect(callOf('gemini', undefined, false)).toBe('gemini')
    expect(callOf('chat-completions', undefined, true)).toBe('completions')
    expect(callOf('chat-completions', '/embeddings', false)).toBe('embeddings')
    expect(callOf('chat-completions', '/images/generations', false)).toBeUndefined()
  })
})
