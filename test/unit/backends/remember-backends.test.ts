import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RememberedBackend } from '../../../gateway/backends/backend.ts'
import { rememberBackends } from '../../../gateway/backends/remember-backends.ts'
import type { JsonValue } from '../../../gateway/model/json.ts'

function memory(value?: JsonValue) {
  const kept = { value, writes: 0 }
  const failures: unknown[] = []
  const place = {
    get: async () => kept.value,
    set: async (next: JsonValue) => {
      kept.value = JSON.parse(JSON.stringify(next)) as JsonValue
      kept.writes += 1
    },
  }
  return { kept, failures, backends: rememberBackends(place, (failure) => failures.push(failure)) }
}

const ollama: RememberedBackend = {
  url: 'http://127.0.0.1:11434',
  name: 'ollama',
  vendor: 'ollama',
  lastSeenAt: 10,
  isNamed: false,
  lastRead: {
    at: 9,
    models: [
      {
        id: 'qwen3:8b',
        capabilities: ['chat', 'tools'],
        contextWindow: 40_960,
        sizeBytes: 5,
        quantization: 'Q4_K_M',
        parameters: '8B',
      },
    ],
  },
}

describe('servers seen in an earlier run', () => {
  it('come back with what they had', async () => {
    const { backends } = memory()
    backends.save([ollama, { ...ollama, url: 'http://h:1', name: 'box', vendor: undefined, isNamed: true }])
    expect(await backends.load()).toEqual([
      ollama,
      { ...ollama, url: 'http://h:1', name: 'box', vendor: undefined, isNamed: true },
    ])
  })

  it('are written when something changed, and not for the time alone', async () => {
    const { kept, backends } = memory()
    backends.save([ollama])
    backends.save([{ ...ollama, lastSeenAt: 99, lastRead: { at: 98, models: ollama.lastRead?.models ?? [] } }])
    expect(kept.writes).toBe(1)
    backends.save([{ ...ollama, lastRead: { at: 98, models: [] } }])
    expect(kept.writes).toBe(2)
  })

  it('are read as an earlier version has written them', async () => {
    const { backends } = memory([{ url: 'http://127.0.0.1:1', name: 'vllm', vendor: 'vllm', lastSeenAt: 3 }])
    expect(await backends.load()).toEqual([
      { url: 'http://127.0.0.1:1', name: 'vllm', vendor: 'vllm', lastSeenAt: 3, isNamed: false, lastRead: undefined },
    ])
  })

  it('are no reason to stop, whatever is kept in their place', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        for (const entry of await memory(value as JsonValue).backends.load()) {
          expect(URL.canParse(entry.url)).toBe(true)
        }
      }),
    )
  })

  it('are told of when they cannot be kept', async () => {
    const failures: unknown[] = []
    const broken = rememberBackends(
      { get: () => Promise.reject(new Error('locked')), set: () => Promise.reject(new Error('full')) },
      (failure) => failures.push(failure),
    )
    expect(await broken.load()).toEqual([])
    broken.save([ollama])
    await new Promise((resolve) => setImmediate(resolve))
    expect(failures.map(String)).toEqual(['Error: locked', 'Error: full'])
  })
})
