import { describe, expect, it } from 'vitest'
import type { Backend } from '../../../gateway/backends/backend.ts'
import { mergeModels } from '../../../gateway/backends/models/merge-models.ts'
import { nextProbeIn } from '../../../gateway/backends/watch/cadence.ts'
import { nameFor } from '../../../gateway/backends/watch/names.ts'
import { environmentTargets, sameServerKey } from '../../../gateway/backends/watch/targets.ts'
import { awaitedReason } from '../../../gateway/routing/awaited-models.ts'
import { loadText } from '../config/load-text.ts'

function backend(given: Partial<Backend>): Backend {
  return {
    name: 'ollama',
    url: 'http://127.0.0.1:11434',
    vendor: 'ollama',
    label: 'Ollama',
    state: 'up',
    reason: undefined,
    added: true,
    source: 'port',
    version: '0.15.0',
    busy: false,
    models: [],
    lastRead: undefined,
    proofs: [],
    process: undefined,
    lastSeenAt: 1,
    network: undefined,
    apiKey: { kind: 'none' },
    openAiBase: 'http://127.0.0.1:11434/v1',
    ...given,
  }
}

function configOf(text: string) {
  const { config, problems } = loadText(text)
  if (config === undefined) throw new Error(JSON.stringify(problems))
  return config
}

const router = `model_list:
  - model_name: smart
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config: {tiers: {SIMPLE: "local:tools", MEDIUM: "vllm/x", COMPLEX: own}}
  - model_name: own
    litellm_params: {model: openai/gpt-4o, api_key: k, api_base: "http://127.0.0.1:1/v1"}
`

describe('models of local servers over a configuration', () => {
  it('leave it as it is where there are none', () => {
    const config = configOf(router)
    expect(mergeModels(config, []).config).toBe(config)
  })

  it('wake the tiers that waited for them, and only those; the same router is made once', () => {
    const config = configOf(router)
    const there = [backend({ models: [{ id: 'a', capabilities: ['chat', 'tools'], loaded: true }] })]
    const { config: merged } = mergeModels(config, there)
    const states = Object.values(merged.routers.get('smart')?.tiers ?? {})
      .flat()
      .map(({ state }) => state)
    expect(states).toEqual(['configured', 'waiting', 'configured'])
    expect(mergeModels(config, there).config.routers.get('smart')).toBe(merged.routers.get('smart'))
    expect(merged.revision).not.toBe(config.revision)
    const gone = mergeModels(config, [backend({ ...there[0], state: 'down', reason: 'does not run' })])
    expect(gone.config.routers.get('smart')?.tiers.SIMPLE?.[0]?.state).toBe('waiting')
    expect(gone.config.modelNames).toEqual(config.modelNames)
    expect([...gone.down.values()]).toEqual([{ reason: 'is down: ollama does not run' }])
  })

  it('put what is loaded and idle first; clouds and names of the file are left alone', () => {
    const config = configOf(
      `model_list: [{model_name: ollama/own, litellm_params: {model: openai/x, api_key: k, api_base: "http://h/v1"}}]`,
    )
    const { config: merged } = mergeModels(config, [
      backend({
        models: [
          { id: 'asleep', loaded: false },
          { id: 'awake', loaded: true },
          { id: 'own', loaded: true },
          { id: 'remote', cloud: true },
        ],
      }),
      backend({
        name: 'box',
        url: 'http://box:8000',
        vendor: 'vllm',
        openAiBase: 'http://box:8000/v1',
        busy: true,
        models: [{ id: 'occupied', loaded: true }],
      }),
    ])
    expect(merged.modelNames).toEqual(['ollama/own', 'ollama/asleep', 'ollama/awake', 'box/occupied'])
    expect(merged.groups.get('ollama/own')?.[0]?.baseUrl).toBe('http://h/v1')
    const order = merged.selectors?.get('local/*')?.toSorted((one, other) => one.order - other.order)
    expect(order?.map(({ upstreamModel }) => upstreamModel)).toEqual(['awake', 'own', 'occupied', 'asleep'])
  })

  it('share what is known with entries of the file on the same server, under every name of loopback', () => {
    const config = configOf(
      `model_list: [{model_name: m, litellm_params: {model: ollama/a, api_base: "http://localhost:11434"}}]`,
    )
    const up = mergeModels(config, [
      backend({ models: [{ id: 'a', contextWindow: 40_960, loadedContext: 8_192, loaded: true }] }),
    ])
    expect(up.config.groups.get('m')?.[0]).toMatchObject({ contextWindow: 40_960, local: { loadedContext: 8_192 } })
    const entry = config.groups.get('m')?.[0]?.id ?? ''
    for (const state of ['auth', 'starting', 'failing'] as const) {
      expect(mergeModels(config, [backend({ state })]).down.size).toBe(0)
    }
    expect(mergeModels(config, [backend({ state: 'down', reason: 'is gone' })]).down.get(entry)?.reason).toContain(
      'is gone',
    )
  })
})

describe('a server that is not there', () => {
  const models = [{ id: 'a', capabilities: ['chat', 'tools'] as const, loaded: true }]
  const lastRead = { at: 5, models }
  const empty = configOf('model_list: []\n')

  it.each([
    ['down', 'is down: ollama does not run'],
    ['starting', 'is starting: ollama does not run'],
    ['impostor', 'is down: ollama does not run'],
  ] as const)('keeps the names of its models while it is %s, unlisted and with its state', (state, reason) => {
    const { config, down } = mergeModels(empty, [backend({ state, reason: 'does not run', lastRead })])
    const [known] = config.groups.get('ollama/a') ?? []
    expect(known?.local?.loaded).toBeUndefined()
    expect(down.get(known?.id ?? '')?.reason).toBe(reason)
    expect(config.modelNames).not.toContain('ollama/a')
    expect(config.selectors?.get('local:tools')).toHaveLength(1)
  })

  it('says what is wrong with it to whoever asks for a model that nobody has seen, or for any local one', () => {
    const { config } = mergeModels(empty, [backend({ state: 'down', reason: 'does not run' })])
    expect(awaitedReason('ollama/new', config)).toBe('waits for ollama, which does not run')
    expect(awaitedReason('local/*', config)).toBe('waits for a local server: ollama does not run')
    expect(awaitedReason('local:vision', config)).toBe('waits for a local server with vision: ollama does not run')
    expect(awaitedReason('local:visoin', config)).toBeUndefined()
    expect(awaitedReason('vllm/new', config)).toBeUndefined()
    expect(awaitedReason('ollama/new', mergeModels(empty, [backend({})]).config)).toBeUndefined()
  })

  it('is waited for by its name in the file before anything was found on its host', () => {
    const { config } = mergeModels(configOf('backends: {box: {host: gpu-2}, off: {host: gpu-3, enabled: false}}\n'), [])
    expect(awaitedReason('box/x', config)).toBe('waits for box, which was not found yet')
    expect(awaitedReason('off/x', config)).toBeUndefined()
  })
})

describe('where servers are looked for', () => {
  it.each([
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['http://gpu-node', 'http://gpu-node'],
    ['https://gpu-node', 'https://gpu-node'],
    ['HTTP://Gpu-Node', 'http://gpu-node'],
    ['gpu-node:9999', 'http://gpu-node:9999'],
    ['http://gpu-node:9999/base/', 'http://gpu-node:9999/base'],
    ['127.0.0.1:70000', 'http://127.0.0.1:11434'],
    ['127.0.0.1:abc', 'http://127.0.0.1:11434'],
    [':5000', 'http://127.0.0.1:5000'],
    ['[::1]:5000', 'http://[::1]:5000'],
    ['[::1]', 'http://[::1]:11434'],
    ['::1', 'http://[::1]:11434'],
    ['::', 'http://127.0.0.1:11434'],
    ['*:5000', 'http://127.0.0.1:5000'],
    [' "0.0.0.0:5000" ', 'http://127.0.0.1:5000'],
    ["'localhost'", 'http://127.0.0.1:11434'],
  ])('OLLAMA_HOST=%s is %s', (text, url) => {
    expect(environmentTargets({ OLLAMA_HOST: text }).map((target) => target.url)).toEqual([url])
  })

  it.each(['', '  ', '""', 'ollama.com', 'https://ollama.com', 'unix:///run/ollama.sock', '0.0.0.0,127.0.0.1', 'a b'])(
    'OLLAMA_HOST=%s names no local server',
    (text) => expect(environmentTargets({ OLLAMA_HOST: text })).toEqual([]),
  )

  it.each([
    [{ LLAMA_ARG_PORT: '8081' }, ['http://127.0.0.1:8081']],
    [{ LLAMA_ARG_PORT: '8081', LLAMA_ARG_HOST: '::1' }, ['http://[::1]:8081']],
    [{ LLAMA_ARG_PORT: '8081', LLAMA_ARG_HOST: '/run/llama.sock,0.0.0.0' }, ['http://127.0.0.1:8081']],
    [{ LLAMA_ARG_PORT: '8081', LLAMA_ARG_HOST: '/run/llama.sock' }, []],
    [{ LLAMA_ARG_PORT: '8081', LLAMA_ARG_API_PREFIX: '/llm/' }, ['http://127.0.0.1:8081/llm']],
    [{ LLAMA_ARG_HOST: 'gpu' }, []],
    [{ LOCALAI_ADDRESS: ':8085' }, ['http://127.0.0.1:8085']],
    [{ MODEL_RUNNER_HOST: 'http://localhost:13434' }, ['http://127.0.0.1:13434']],
  ])('%j names %j', (environment, urls) => {
    expect(environmentTargets(environment as Record<string, string>).map((target) => target.url)).toEqual(urls)
  })

  it('one server has one key, and names do not collide', () => {
    expect(sameServerKey('http://localhost:8080/v1')).toBe(sameServerKey('http://[::1]:8080'))
    expect(sameServerKey('nonsense')).toBeUndefined()
    expect(nameFor('vllm', 'http://127.0.0.1:8000', new Set())).toBe('vllm')
    expect(nameFor('vllm', 'http://127.0.0.1:8001', new Set(['vllm']))).toBe('vllm-8001')
    expect(nameFor('vllm', 'http://gpu:8000', new Set())).toBe('vllm-gpu')
  })

  it('one that is down and expected is asked again within the time of two seconds; on this machine nothing is asked', () => {
    const down = {
      state: 'down',
      isLoopback: false,
      unchanged: 50,
      dear: false,
      silent: false,
      failures: 500,
      expected: true,
      isToldOf: false,
    } as const
    expect(nextProbeIn(down)).toBeLessThan(1_500)
    expect(nextProbeIn({ ...down, isLoopback: true, isToldOf: true })).toBeUndefined()
    expect(nextProbeIn({ ...down, silent: true })).toBe(10_000)
    expect(nextProbeIn({ ...down, state: 'up', isLoopback: true })).toBe(30_000)
  })
})
