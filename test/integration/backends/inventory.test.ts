import { afterEach, describe, expect, it } from 'vitest'
import type { BackendVendor } from '../../../gateway/config/providers/backend-names.ts'
import { cardOf } from '../../../gateway/backends/identify/identify.ts'
import { gaugeSum } from '../../../gateway/backends/inventory/metrics.ts'
import { createProbeClient } from '../../../gateway/backends/probe/probe-client.ts'
import { readServer } from '../../../gateway/backends/watch/probe-server.ts'
import { backendFixture, type FakeBackend, startFakeBackend } from '../../doubles/backends/fake-server.ts'

const client = createProbeClient({ userAgent: 'Signalbox/test', monotonic: () => performance.now() })
const open: FakeBackend[] = []

afterEach(async () => {
  for (const fake of open.splice(0)) await fake.close()
})

async function inventoryOf(vendor: BackendVendor, variant?: string, memory = new Map<string, unknown>()) {
  const fake = await startFakeBackend(backendFixture(vendor, variant))
  open.push(fake)
  const place = { url: fake.url, isLoopback: true, process: undefined }
  const read = () => readServer(place, cardOf(vendor), { kind: 'none' }, memory, client)
  return { fake, read, inventory: await read() }
}

describe('what a server has', () => {
  it('Ollama: details are asked once for each digest, and its cloud is marked', async () => {
    const { fake, read, inventory } = await inventoryOf('ollama')
    expect(inventory.models.map(({ id, cloud, loaded }) => [id, cloud ?? false, loaded])).toEqual([
      ['qwen3:8b', false, true],
      ['llava:13b', false, false],
      ['nomic-embed-text:latest', false, false],
      ['gpt-oss:120b-cloud', true, false],
    ])
    expect(inventory.models[2]?.capabilities).toEqual(['embeddings'])
    await read()
    expect(fake.asked.filter((line) => line === 'POST /api/show')).toHaveLength(3)
  })

  it('llama.cpp: the context of a slot, what the model can do, and whether every slot is taken', async () => {
    const { inventory } = await inventoryOf('llamacpp')
    expect(inventory).toMatchObject({
      state: 'up',
      version: 'b7012-abc',
      busy: false,
      models: [
        {
          id: 'gemma-3-12b',
          contextWindow: 16_384,
          capabilities: ['chat', 'vision', 'tools'],
          quantization: 'Q4_K - Medium',
          parameters: '11.8B',
        },
      ],
    })
    expect((await inventoryOf('llamacpp', 'busy')).inventory.busy).toBe(true)
    expect(JSON.stringify(inventory)).not.toContain('/home/somebody')
  })

  it('llama.cpp: a sleeping model is not woken, a router loads nothing, a key is asked for', async () => {
    const sleeping = await inventoryOf('llamacpp', 'sleeping')
    expect(sleeping.fake.trips).toEqual([])
    expect(sleeping.inventory.models[0]?.loaded).toBe(false)
    const router = await inventoryOf('llamacpp', 'router')
    expect(router.fake.asked).toEqual(['GET /v1/models'])
    expect(router.inventory.models.map(({ id, loaded }) => [id, loaded])).toEqual([
      ['qwen3-8b', true],
      ['gemma-3-4b', false],
      ['bge-m3-embed', false],
    ])
    expect(JSON.stringify(router.inventory)).not.toContain('secret')
    expect((await inventoryOf('llamacpp', 'keyed')).inventory.state).toBe('auth')
    expect((await inventoryOf('llamacpp', 'loading')).inventory.state).toBe('starting')
  })

  it('LM Studio: new and old versions alike, and what a version lacks is asked once', async () => {
    const expected = [
      ['qwen2.5-coder-14b', true, 8192, ['chat', 'tools']],
      ['gemma-3-27b', false, 131_072, ['chat', 'vision']],
      ['text-embedding-nomic-embed-text-v1.5', false, 2048, ['embeddings']],
    ]
    for (const variant of [undefined, 'old']) {
      const { fake, read, inventory } = await inventoryOf('lmstudio', variant)
      const seen = inventory.models.map(({ id, loaded, contextWindow, capabilities }) => [
        id,
        loaded,
        contextWindow,
        capabilities,
      ])
      expect(seen).toEqual(expected)
      await read()
      if (variant === 'old') expect(fake.asked.filter((line) => line === 'GET /api/v1/models')).toHaveLength(1)
    }
  })

  it.each([
    ['vllm', undefined, { busy: false, models: [{ contextWindow: 32_768, loaded: true }] }],
    ['vllm', 'busy', { busy: true }],
    ['koboldcpp', undefined, { busy: false, models: [{ contextWindow: 8192 }] }],
    ['koboldcpp', 'busy', { busy: true }],
    ['sglang', undefined, { version: '0.5.4', models: [{ contextWindow: 65_536 }] }],
    ['tgi', undefined, { models: [{ id: 'mistralai/Mistral-7B-Instruct-v0.3', contextWindow: 4096 }] }],
    ['tgi', 'loading', { state: 'starting', models: [] }],
    ['nim', 'loading', { state: 'starting', models: [] }],
    ['docker', 'empty', { state: 'up', models: [] }],
    ['tabbyapi', undefined, { models: [{ loaded: true, contextWindow: 16_384 }, { loaded: false }] }],
    ['tabbyapi', 'keyed', { state: 'auth' }],
    ['jan', undefined, { models: [{ id: 'jan-nano' }, { id: 'gpt-hosted', cloud: true }] }],
    ['localai', undefined, { models: [{ capabilities: ['chat'] }, { capabilities: ['embeddings'] }] }],
  ] as const)('%s (%s)', async (vendor, variant, expected) => {
    const { fake, inventory } = await inventoryOf(vendor, variant)
    expect(inventory).toMatchObject(expected)
    expect(fake.trips).toEqual([])
  })

  it('llama-swap: its children are named, its command lines are not read', async () => {
    const { inventory } = await inventoryOf('llama-swap')
    expect(inventory.children).toEqual(['127.0.0.1:5801'])
    expect(inventory.models.map(({ loaded }) => loaded)).toEqual([true, false])
    expect(JSON.stringify(inventory)).not.toContain('sk-hidden')
  })

  it('gauges of a metrics text are added up, and absent ones are unknown', () => {
    expect(gaugeSum('a{x="1"} 2\na{x="2"} 3.5\nab 9\n', 'a')).toBe(5.5)
    expect(gaugeSum('ab 9', 'a')).toBeUndefined()
    expect(gaugeSum('a NaN', 'a')).toBeUndefined()
  })
})
