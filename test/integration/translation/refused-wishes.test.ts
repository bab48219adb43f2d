import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prompt, words } from './cells.ts'
import type { Client } from './clients/client.ts'
import { clients } from './clients/clients.ts'
import { modelOf, type Stage, startStage } from './stage.ts'
import type { WireDouble } from './wires/wire.ts'
import { wires } from './wires/wires.ts'

/** A wish that only some wires fulfil. */
interface Wish {
  readonly dialect: string
  readonly what: string
  /** Members beside those of the plain question. */
  readonly body: object
  /** The field at fault in the client's words. */
  readonly field: string
  /** The wires that are asked for it nevertheless, as they have it. */
  readonly carriedBy: readonly string[]
}

const chat = 'chat completions'
const weather = { name: 'weather', parameters: { type: 'object', properties: {} } }

const wishes: readonly Wish[] = [
  { dialect: chat, what: 'two answers', body: { n: 2 }, field: 'n', carriedBy: ['openai-compatible'] },
  {
    dialect: chat,
    what: 'sound',
    body: { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } },
    field: 'modalities',
    carriedBy: ['openai-compatible'],
  },
  {
    dialect: 'responses',
    what: 'a hosted tool alone',
    body: { tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }] },
    field: 'tools',
    carriedBy: ['openai-responses'],
  },
  {
    dialect: 'responses',
    what: 'a conversation held elsewhere',
    body: { previous_response_id: 'resp_1' },
    field: 'previous_response_id',
    carriedBy: [],
  },
  { dialect: 'responses', what: 'an answer later', body: { background: true }, field: 'background', carriedBy: [] },
  {
    dialect: 'messages',
    what: 'a hosted tool alone',
    body: { tools: [{ type: 'memory_20250818', name: 'memory' }] },
    field: 'tools',
    carriedBy: ['anthropic'],
  },
  {
    dialect: 'messages',
    what: 'servers of tools',
    body: { mcp_servers: [{ type: 'url', url: 'https://example.org', name: 'x' }] },
    field: 'mcp_servers',
    carriedBy: ['anthropic'],
  },
  {
    dialect: 'gemini',
    what: 'two answers',
    body: { generationConfig: { candidateCount: 2 } },
    field: 'generationConfig.candidateCount',
    carriedBy: ['gemini'],
  },
  {
    dialect: 'gemini',
    what: 'pictures',
    body: { generationConfig: { responseModalities: ['IMAGE'] } },
    field: 'generationConfig.responseModalities',
    carriedBy: ['gemini'],
  },
  {
    dialect: 'gemini',
    what: 'a hosted tool alone',
    body: { tools: [{ googleMaps: {} }] },
    field: 'tools',
    carriedBy: ['gemini'],
  },
  {
    dialect: 'gemini',
    what: 'content kept elsewhere',
    body: { cachedContent: 'cachedContents/1' },
    field: 'cachedContent',
    carriedBy: ['gemini'],
  },
]

/** Each names Ollama's lack: it cannot be made to call a tool. */
const forced: readonly Wish[] = [
  {
    dialect: chat,
    body: { tools: [{ type: 'function', function: weather }], tool_choice: 'required' },
    field: 'tool_choice',
  },
  {
    dialect: 'responses',
    body: { tools: [{ type: 'function', ...weather }], tool_choice: { type: 'function', name: 'weather' } },
    field: 'tool_choice',
  },
  {
    dialect: 'messages',
    body: { tools: [{ name: 'weather', input_schema: weather.parameters }], tool_choice: { type: 'any' } },
    field: 'tool_choice',
  },
  {
    dialect: 'gemini',
    body: { tools: [{ functionDeclarations: [weather] }], toolConfig: { functionCallingConfig: { mode: 'ANY' } } },
    field: 'toolConfig',
  },
].map((wish) => ({
  ...wish,
  what: 'a forced call',
  carriedBy: wires.map((wire) => wire.name).filter((name) => name !== 'ollama'),
}))

/** How each wire's provider is called in the stage's config. */
const providers: Readonly<Record<string, string>> = {
  'openai-compatible': 'openai',
  'openai-responses': 'responses-double',
}

describe('a wish that is not carried is a 400 that names field and provider', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await startStage()
  })

  afterAll(() => stage.stop())

  const ask = (client: Client, wire: WireDouble, more: object): Promise<Response> => {
    const question = { model: modelOf(wire), prompt }
    stage.upstream(wire).reset()
    stage.upstream(wire).reply((request) => wire.say({ text: words }, wire.isStream(request)))
    const asked: Client = { ...client, body: () => ({ ...client.body(question), ...more }) }
    return stage.send(asked, question)
  }

  for (const wish of [...wishes, ...forced]) {
    const client = clients.find(({ dialect }) => dialect === wish.dialect)
    if (client === undefined) throw new Error(`no client of ${wish.dialect}`)
    describe(`${wish.dialect}: ${wish.what}`, () => {
      for (const wire of wires) {
        const carried = wish.carriedBy.includes(wire.name)
        test(`${carried ? 'goes' : 'does not go'} to ${wire.name}`, async () => {
          const response = await ask(client, wire, wish.body)
          const text = await response.text()
          if (carried) {
            expect(response.status, text).toBe(200)
            return
          }
          expect(response.status, text).toBe(400)
          expect(stage.upstream(wire).requests).toEqual([])
          expect(fieldOf(client, text)).toBe(wish.field)
          const holder = providers[wire.name] ?? wire.name
          if (wish.carriedBy.length > 0) expect(client.readError(text, 400)).toContain(holder)
          expect(client.readError(text, 400)).toContain(wish.field)
        })
      }
    })
  }
})

function fieldOf({ dialect }: Client, text: string): string | undefined {
  const { error } = JSON.parse(text) as {
    error: { param?: string; details?: readonly { metadata?: { field?: string } }[] }
  }
  return dialect === 'gemini'
    ? error.details?.find((detail) => detail.metadata !== undefined)?.metadata?.field
    : error.param
}
