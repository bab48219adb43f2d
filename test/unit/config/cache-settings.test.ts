import { describe, expect, it } from 'vitest'
import { cacheOff } from '../../../gateway/config/compile/compile-cache.ts'
import { configOf, lines, loadText } from './load-text.ts'

const cacheOf = (text: string) => configOf(text).signalbox.cache
const day = 86_400_000

describe('the cache of answers', () => {
  it('is off unless a person switched it on', () => {
    expect(cacheOf('')).toEqual(cacheOff)
    expect(cacheOf('litellm_settings: {cache_params: {type: local}}\n').enabled).toBe(false)
    expect(cacheOf('litellm_settings: {cache: true}\n').enabled).toBe(true)
    expect(cacheOf('signalbox: {cache: {enabled: true}}\n').enabled).toBe(true)
    expect(cacheOf('litellm_settings: {cache: true}\nsignalbox: {cache: {enabled: false}}\n').enabled).toBe(false)
  })

  it('takes LiteLLM’s parameters, and our own before them', () => {
    const litellm =
      'litellm_settings: {cache: true, cache_params: {type: redis, ttl: 600, mode: default_off, namespace: team}}\n'
    expect(cacheOf(litellm)).toMatchObject({ ttlMs: 600_000, mode: 'default_off', namespace: 'team' })
    const own = 'signalbox: {cache: {ttl_s: 5, mode: default_on, namespace: mine, max_size_mb: 2, shared: true}}\n'
    expect(cacheOf(litellm + own)).toMatchObject({
      ttlMs: 5_000,
      mode: 'default_on',
      namespace: 'mine',
      maxBytes: 2 * 1024 * 1024,
      shared: true,
    })
  })

  it.each([
    ['ttl: 600, default_in_redis_ttl: 5', 600_000],
    ['default_in_redis_ttl: 5', 5_000],
    ['default_in_memory_ttl: 7', 7_000],
    ['type: disk', day],
  ])('keeps answers for a time: %s', (params, ttlMs) => {
    expect(cacheOf(`litellm_settings: {cache: true, cache_params: {${params}}}\n`).ttlMs).toBe(ttlMs)
  })

  it('keeps the kinds of call that are listed', () => {
    const calls = (list: string) =>
      cacheOf(`litellm_settings: {cache: true, cache_params: {supported_call_types: ${list}}}\n`).calls
    expect(calls('[acompletion, aembedding, atranscription]')).toEqual([
      'chat-completions',
      'messages',
      'gemini',
      'embeddings',
    ])
    expect(calls('[anthropic_messages, aresponses, text_completion]')).toEqual(['responses', 'messages', 'completions'])
    expect(calls('[]')).toEqual([])
  })

  it('warns of an unknown kind of call with the nearest one', () => {
    const loaded = loadText('litellm_settings: {cache: true, cache_params: {supported_call_types: [embeding]}}\n')
    expect(loaded.problems[0]).toMatchObject({ severity: 'warning', seen: 'embeding', nearest: 'embedding', line: 1 })
  })

  it.each([
    ['redis', 'takes the place of Redis'],
    ['s3', 'takes the place of Redis'],
    ['qdrant-semantic', 'exact repeats, not similar requests'],
  ])('says once that the built-in one serves for %s', (type, words) => {
    const notes = lines(loadText(`litellm_settings: {cache: true, cache_params: {type: ${type}}}\n`), 'note')
    expect(notes).toHaveLength(1)
    expect(notes[0]).toContain(words)
    expect(notes[0]).not.toContain('it is off')
  })

  it('says that parameters alone do not switch it on', () => {
    expect(lines(loadText('litellm_settings: {cache_params: {type: redis}}\n'), 'note')[0]).toContain('it is off')
  })

  it.each([
    'litellm_settings: {cache_params: {ttl: -1}}\n',
    'litellm_settings: {cache_params: {mode: sometimes}}\n',
    'signalbox: {cache: {max_size_mb: 0}}\n',
    'signalbox: {cache: {ttl_s: 0}}\n',
    'signalbox: {cache: yes please}\n',
  ])('refuses %s', (text) => {
    expect(loadText(text).problems.filter(({ severity }) => severity === 'error')).toHaveLength(1)
  })
})
