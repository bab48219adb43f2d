import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { createGateway } from '../../../gateway/index.ts'
import { createLogger } from '../../../gateway/logging/logger.ts'
import { createMemoryStore } from '../../../gateway/secrets/memory-store.ts'
import { type Answer, type Client, type Question, splitEvents } from './clients/client.ts'
import type { WireDouble } from './wires/wire.ts'
import { wires } from './wires/wires.ts'

const masterKey = 'sk-master-of-the-translation-tests'

/** The assembled gateway in this process, and one upstream for each wire. */
export interface Stage {
  upstream(wire: WireDouble): Upstream
  /** Sends a question in the client's dialect; the head is there when this resolves. */
  send(client: Client, question: Question, signal?: AbortSignal): Promise<Response>
  /** Sends a question and reads the answer, which must be a 200. */
  ask(client: Client, question: Question): Promise<Answer>
  stop(): Promise<void>
}

/** `other-key` is the same upstream with another credential; `backed` falls back to the wire after it. */
export type ModelKind = 'usual' | 'thinking' | 'other-key' | 'backed'

/** The name of a wire's deployment as clients ask for it. */
export function modelOf(wire: WireDouble, kind: ModelKind = 'usual'): string {
  return `${wire.name}-${kind}`
}

/** The next wire in the order of the table, the first after the last. */
export function wireAfter(wire: WireDouble): WireDouble {
  const after = wires[(wires.indexOf(wire) + 1) % wires.length]
  if (after === undefined) throw new Error('there are no wires')
  return after
}

export async function startStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-translation-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const upstreams = new Map<WireDouble, Upstream>()
  for (const wire of wires) {
    const upstream = await startUpstream()
    stack.defer(() => upstream.close())
    upstreams.set(wire, upstream)
  }
  const upstream = (wire: WireDouble): Upstream => {
    const found = upstreams.get(wire)
    if (found === undefined) throw new Error(`no upstream for ${wire.name}`)
    return found
  }
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir, { mode: 0o700 })
  const configPath = join(folder, 'config.yaml')
  writeFileSync(
    configPath,
    configText((wire) => upstream(wire).origin),
  )
  const gateway = createGateway({
    configPath,
    dataDir,
    port: 0,
    version: '0.0.0-test',
    environment: { LITELLM_MASTER_KEY: masterKey },
    secretStore: createMemoryStore(),
    logger: createLogger({ level: 'error', file: undefined, terminal: undefined }),
    uiDirectory: undefined,
    discovery: false,
  })
  const { url } = await gateway.start()
  stack.defer(() => gateway.stop(0))

  const send = (client: Client, question: Question, signal?: AbortSignal): Promise<Response> =>
    fetch(url + client.path(question), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${masterKey}`, ...client.headers },
      body: JSON.stringify(client.body(question)),
      ...(signal === undefined ? {} : { signal }),
    })
  const opened = stack.move()
  return {
    upstream,
    send,
    ask: async (client, question) => readAnswer(client, question, await send(client, question)),
    stop: () => opened.disposeAsync(),
  }
}

/** Reads a 200 as the client of its dialect would. */
export async function readAnswer(client: Client, question: Question, response: Response): Promise<Answer> {
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`)
  const isEvents = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  if (isEvents !== (question.stream === true)) throw new Error(`content-type ${response.headers.get('content-type')}`)
  return isEvents ? client.readStream(splitEvents(text)) : client.readAnswer(text)
}

function configText(originOf: (wire: WireDouble) => string): string {
  const entry = (name: string, model: string, base: string, key: string): string[] => [
    `  - model_name: ${name}`,
    `    litellm_params: { model: ${model}, api_base: ${base}, api_key: ${key} }`,
  ]
  const models = wires.flatMap((wire) => {
    const base = originOf(wire) + wire.basePath
    const { usual, thinking } = wire.models
    return [
      ...entry(modelOf(wire), usual, base, 'key-of-the-tests'),
      ...entry(modelOf(wire, 'thinking'), thinking, base, 'key-of-the-tests'),
      ...entry(modelOf(wire, 'backed'), thinking, base, 'key-of-the-tests'),
      ...entry(modelOf(wire, 'other-key'), thinking, base, 'another-key-of-the-tests'),
    ]
  })
  return [
    'model_list:',
    ...models,
    'providers:',
    '  responses-double: { wires: [openai-responses] }',
    // Both also have an endpoint for chat completions, which would be used for clients of that dialect.
    '  anthropic: { wires: [anthropic] }',
    '  gemini: { wires: [gemini] }',
    'router_settings:',
    '  num_retries: 0',
    // Each cell begins with healthy upstreams, whatever the one before did to them.
    '  disable_cooldowns: true',
    `  fallbacks: ${JSON.stringify(wires.map((wire) => ({ [modelOf(wire, 'backed')]: [modelOf(wireAfter(wire), 'thinking')] })))}`,
    'general_settings: { master_key: os.environ/LITELLM_MASTER_KEY }',
    '',
  ].join('\n')
}
