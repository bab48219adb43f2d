import { describe, expect, test } from 'vitest'
import { knownWindow } from '../../../../gateway/ledger/prices/known-windows.ts'

describe('the window of a model by the library', () => {
  test.each([
    ['openai', 'gpt-4o', 128_000],
    ['openai', 'GPT-4', 8192],
    ['anthropic', 'claude-haiku-4-5', 200_000],
  ])('is known of %s/%s', (provider, model, window) => {
    expect(knownWindow(provider, model)).toBe(window)
  })

  test.each([
    ['openai', 'gpt-4o-like'],
    ['ollama', 'gpt-4o'],
    ['constructor', 'gpt-4o'],
    ['openai', 'gpt-oss-120b'],
  ])('is not guessed for %s/%s', (provider, model) => {
    expect(knownWindow(provider, model)).toBeUndefined()
  })
})
