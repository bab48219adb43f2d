import { afterEach, describe, expect, it } from 'vitest'
import { createParser } from 'eventsource-parser'
import type { BackendList } from '../../../gateway/contract/backends.ts'
import type { GatewayEvent } from '../../../gateway/contract/events.ts'
import { backendFixture, type FakeBackend, startFakeBackend } from '../../doubles/backends/fake-server.ts'
import {
  createGatewayFolder,
  type GatewayProcess,
  type GatewayProcessOptions,
  runCommand,
  startGatewayProcess,
} from '../../doubles/gateway-process.ts'

const open: { remove?(): Promise<void>; close?(): Promise<void> }[] = []

afterEach(async () => {
  for (const opened of open.splice(0).toReversed()) await (opened.remove?.() ?? opened.close?.())
})

interface ListedModel {
  readonly id: string
  readonly [field: string]: unknown
}

async function listed(gateway: GatewayProcess): Promise<ListedModel[]> {
  const list = (await (await gateway.request('/v1/models')).json()) as { data: ListedModel[] }
  return list.data
}

async function backendsOf(gateway: GatewayProcess): Promise<BackendList> {
  return (await (await gateway.request('/api/backends')).json()) as BackendList
}

/** Looks again and again until it is so: how long it takes is measured elsewhere. */
async function until<Value>(read: () => Promise<Value>, fits: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await read()
    if (fits(value)) return value
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function fake(vendor: string, port = 0, variant?: string): Promise<FakeBackend> {
  const started = await startFakeBackend(backendFixture(vendor, variant), port)
  open.push(started)
  return started
}

async function gatewayWith(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(options)
  open.push(gateway)
  return gateway
}

/** A gateway that looks at these ports of the machine and no others. */
const lookingAt = (...fakes: readonly FakeBackend[]) => ({
  SIGNALBOX_DISCOVER: fakes.map(({ port }) => port).join(','),
})

function answersChat(backend: FakeBackend, words: string): void {
  backend.onPost = (path, body, response) => {
    if (path !== '/api/chat') return false
    const { model, stream } = body as { model: string; stream: boolean }
    const end = { model, done: true, done_reason: 'stop', prompt_eval_count: 7, eval_count: 2 }
    response.writeHead(200, { 'content-type': stream ? 'application/x-ndjson' : 'application/json' })
    if (stream) {
      response.write(`${JSON.stringify({ model, message: { role: 'assistant', content: words }, done: false })}\n`)
      response.end(`${JSON.stringify({ ...end, message: { role: 'assistant', content: '' } })}\n`)
    } else response.end(JSON.stringify({ ...end, message: { role: 'assistant', content: words } }))
    return true
  }
}

const chat = (model: string, stream = false) => ({
  method: 'POST',
  body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'hello' }] }),
})

const routerConfig = `model_list:
  - model_name: smart
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers: {SIMPLE: "local:tools", REASONING: "ollama/llava:13b"}
`

describe('a server on this machine', () => {
  it('brings its models by itself, with what it says of them, and the demo leaves', async () => {
    const ollama = await fake('ollama')
    const gateway = await gatewayWith({ environment: lookingAt(ollama) })
    const models = await until(
      () => listed(gateway),
      (list) => list.some(({ id }) => id.startsWith('ollama/')),
    )
    expect(models.map(({ id }) => id)).toEqual([
      'ollama/qwen3:8b',
      'ollama/llava:13b',
      'ollama/nomic-embed-text:latest',
    ])
    expect(models[0]).toMatchObject({
      context_window: 40_960,
      capabilities: ['chat', 'tools', 'thinking'],
      loaded: true,
      loaded_context: 8_192,
      size_bytes: 5_225_388_164,
      quantization: 'Q4_K_M',
      parameters: '8.2B',
      owned_by: 'ollama',
      backend: 'ollama',
      local: true,
    })
    expect(models[1]).toMatchObject({ loaded: false, capabilities: ['chat', 'vision'] })
    expect(ollama.trips).toEqual([])
  })

  it('answers under its name and under selectors, streamed or not, for free', async () => {
    const ollama = await fake('ollama')
    answersChat(ollama, 'Hi there.')
    const gateway = await gatewayWith({ environment: lookingAt(ollama) })
    await until(
      () => listed(gateway),
      (list) => list.length === 3,
    )
    const direct = await gateway.request('/v1/chat/completions', chat('ollama/qwen3:8b'))
    expect(direct.headers.get('x-signalbox-model')).toBe('ollama/qwen3:8b')
    expect(Number(direct.headers.get('x-litellm-response-cost'))).toBe(0)
    expect(await direct.json()).toMatchObject({
      choices: [{ message: { content: 'Hi there.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 7, completion_tokens: 2 },
    })
    for (const selector of ['local/*', 'ollama/*', 'local:tools', 'local:vision']) {
      const answer = await gateway.request('/v1/chat/completions', chat(selector, true))
      expect(answer.status, selector).toBe(200)
      expect(await answer.text()).toContain('Hi there.')
    }
    const asked = ollama.asked.filter((line) => line === 'POST /api/chat').length
    expect(asked).toBe(5)
  })

  it('goes and comes back without a restart: gone from the list, refused with its state, and there again', async () => {
    const ollama = await fake('ollama')
    answersChat(ollama, 'Back.')
    const gateway = await gatewayWith({ environment: lookingAt(ollama), config: routerConfig })
    const stream = await gateway.request('/api/events', { key: gateway.controlToken })
    const seen: GatewayEvent[] = []
    const reading = readEvents(stream, (event) => seen.push(event))
    await until(
      () => listed(gateway),
      (list) => list.length === 4,
    )
    const routed = await gateway.request('/v1/chat/completions', chat('smart'))
    expect(routed.headers.get('x-signalbox-model')).toBe('ollama/qwen3:8b')
    await ollama.close()
    await until(
      () => listed(gateway),
      (list) => list.length === 1,
    )
    const refused = await gateway.request('/v1/chat/completions', chat('ollama/qwen3:8b'))
    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({ error: { code: 'backend_unavailable' } })
    const [down] = (await backendsOf(gateway)).backends
    expect(down).toMatchObject({ name: 'ollama', state: 'down', models: [] })
    expect(down?.remedy).toContain('ollama serve')
    const again = await startFakeBackend(backendFixture('ollama'), ollama.port)
    open.push(again)
    answersChat(again, 'Back.')
    await until(
      () => listed(gateway),
      (list) => list.length === 4,
    )
    const back = await gateway.request('/v1/chat/completions', chat('smart'))
    expect(back.status).toBe(200)
    await until(
      async () => seen.filter(({ type }) => type === 'backends').length,
      (count) => count >= 3,
    )
    expect(seen[0]?.type).toBe('snapshot')
    void reading
  })

  it('is offered and not added while nothing proves what it is', async () => {
    const generic = await startFakeBackend(
      {
        routes: {
          'GET /v1/models': { json: { object: 'list', data: [{ id: 'm', object: 'model', owned_by: 'me' }] } },
        },
        unknown: { status: 404, json: { detail: 'Not Found' } },
      },
      0,
    )
    open.push(generic)
    const gateway = await gatewayWith({ environment: lookingAt(generic) })
    const { backends } = await until(
      () => backendsOf(gateway),
      (list) => list.backends.length === 1,
    )
    expect(backends[0]).toMatchObject({ vendor: null, added: false, name: `server-${generic.port}` })
    expect(backends[0]?.remedy).toContain('backends:')
    expect((await listed(gateway)).some(({ id }) => id.includes('/m'))).toBe(false)
  })
})

describe('a server that the config names', () => {
  it('is used under its name with its key; commands and doctor tell of it', async () => {
    const vllm = await fake('vllm', 0, 'keyed')
    const llama = await fake('llamacpp', 0, 'keyed')
    const folder = createGatewayFolder({
      config: `backends:
  gpu-node: {url: "${vllm.url}/v1", api_key: os.environ/GPU_KEY, network: vpn}
  box: ${llama.url}
`,
    })
    open.push({ remove: async () => folder.remove() })
    const gateway = await gatewayWith({ folder, environment: { GPU_KEY: 'sk-vllm' } })
    const models = await until(
      () => listed(gateway),
      (list) => list.some(({ id }) => id.startsWith('gpu-node/')),
    )
    expect(models.map(({ id }) => id)).toContain('gpu-node/Qwen/Qwen3-32B')
    const list = await until(
      () => backendsOf(gateway),
      ({ backends }) => backends.every(({ state }) => state !== 'unknown'),
    )
    expect(list.discovery).toBe(false)
    expect(list.backends.map(({ name, state, network }) => [name, state, network])).toEqual([
      ['gpu-node', 'up', 'vpn'],
      ['box', 'auth', null],
    ])
    expect(JSON.stringify(list)).not.toContain('sk-vllm')
    const command = await runCommand(folder, ['backends'])
    expect(command.code).toBe(0)
    expect(command.output).toContain('gpu-node/Qwen/Qwen3-32B')
    expect(command.output).toContain('wants a key')
    const json = await runCommand(folder, ['backends', '--json'])
    expect((JSON.parse(json.output) as BackendList).backends).toHaveLength(2)
    const doctor = await runCommand(folder, ['doctor'])
    expect(doctor.output).toMatch(/warning\s+backends\s+box at .* wants a key\. Set api_key of box/)
  })

  it('is not sent its key, and not used, when it answers as another kind than the config says', async () => {
    const other = await fake('llama-swap', 0, 'keyed')
    const gateway = await gatewayWith({
      config: `backends: [{name: node, url: "${other.url}", vendor: vllm, api_key: swap-key-0123456789}]\n`,
    })
    const { backends } = await until(
      () => backendsOf(gateway),
      (list) => list.backends[0]?.state === 'impostor',
    )
    expect(backends[0]?.reason).toContain('answers as llama-swap and not as vLLM')
    expect([...other.keys]).toEqual([])
  })

  it('takes entries of the file that lead to it down with it, and lets them be otherwise', async () => {
    const ollama = await fake('ollama')
    answersChat(ollama, 'From the entry.')
    const gateway = await gatewayWith({
      config: `backends: {box: "${ollama.url}"}
model_list:
  - model_name: own
    litellm_params: {model: ollama/qwen3:8b, api_base: "${ollama.url}"}
  - model_name: spare
    litellm_params: {model: demo/x, api_base: "http://127.0.0.1:9/v1"}
`,
    })
    const models = await until(
      () => listed(gateway),
      // On a slow machine the first reading may lack what a single question of several would have told.
      (list) => list.some(({ id, loaded }) => id === 'own' && loaded === true),
    )
    expect(models.find(({ id }) => id === 'own')).toMatchObject({
      context_window: 40_960,
      loaded: true,
      backend: 'box',
    })
    expect((await gateway.request('/v1/chat/completions', chat('own'))).status).toBe(200)
    await ollama.close()
    await until(
      () => backendsOf(gateway),
      (list) => list.backends[0]?.state === 'down',
    )
    const refused = await gateway.request('/v1/chat/completions', chat('own'))
    expect(refused.status).toBe(503)
    expect(await refused.text()).toMatch(/own on ollama .* is down: /)
    // Names that were there, or may be, are no mistakes of the caller's.
    for (const name of ['box/qwen3:8b', 'box/never-seen', 'local/*', 'local:tools']) {
      const away = await gateway.request('/v1/chat/completions', chat(name))
      expect([name, away.status, away.headers.get('x-should-retry')]).toEqual([name, 503, null])
      expect(await away.text()).toMatch(/box does not run|box, which does not run/)
    }
    const [away] = (await backendsOf(gateway)).backends
    expect(away?.models).toEqual([])
    expect(away?.asLastSeen?.models.map(({ name }) => name)).toContain('box/qwen3:8b')
    const again = await fake('ollama', ollama.port)
    const anew = (await (await gateway.request('/api/backends/refresh', { method: 'POST' })).json()) as BackendList
    expect(anew.backends[0]).toMatchObject({ state: 'up', asLastSeen: null })
    expect(again.asked.length).toBeGreaterThan(0)
  })
})

async function readEvents(response: Response, take: (event: GatewayEvent) => void): Promise<void> {
  const parser = createParser({ onEvent: ({ data }) => take(JSON.parse(data) as GatewayEvent) })
  const decoder = new TextDecoder()
  try {
    for await (const chunk of response.body ?? []) parser.feed(decoder.decode(chunk, { stream: true }))
  } catch {
    // The gateway ends the stream.
  }
}
