import { geminiAnswerScript, geminiChunk, geminiStreamScript } from '../doubles/wires/gemini-upstream.ts'
import { messageReply } from '../doubles/wires/messages-upstream.ts'
import { responseBody, responsesScript } from '../doubles/wires/responses-upstream.ts'
import type { RecordedRequest } from '../doubles/upstream/recorded-request.ts'
import type { RawScript, Script } from '../doubles/upstream/script.ts'

/** The wires that an upstream can speak here. */
export type Wire = 'chat' | 'responses' | 'messages' | 'gemini'

/** What the model says in one turn, in no wire's terms. */
export interface Turn {
  readonly text?: readonly string[]
  readonly call?: { readonly name: string; readonly input: Readonly<Record<string, unknown>> }
  readonly usage: { readonly input: number; readonly output: number }
}

/** One turn as an upstream of this wire sends it, streamed or whole as the request asks. */
export function turnScript(wire: Wire, turn: Turn, request: RecordedRequest): Script {
  switch (wire) {
    case 'chat':
      return chatTurn(turn, request)
    case 'responses':
      return responsesTurn(turn, request)
    case 'messages':
      return messagesTurn(turn, request)
    case 'gemini':
      return geminiTurn(turn, request)
  }
}

/** Whether the caller offered tools: what its main request does, and the requests for titles and summaries do not. */
export function hasTools(request: RecordedRequest): boolean {
  return (request.json?.tools?.length ?? 0) > 0
}

/** The newest message, item or content of a request, as JSON text. */
export function lastMessage(request: RecordedRequest): string {
  const { messages, input, contents } = request.json ?? {}
  const list = [messages, input, contents].find((candidate) => Array.isArray(candidate)) ?? []
  return JSON.stringify(list.at(-1) ?? null)
}

/** Whether the newest message answers a tool call. */
export function carriesToolResult(request: RecordedRequest): boolean {
  return /"role":"tool"|"type":"tool_result"|"type":"function_call_output"|"functionResponse":/u.test(
    JSON.stringify(lastMessages(request)),
  )
}

/** The tool results of a request: every message after the last one of the model. */
export function toolResults(request: RecordedRequest): string {
  return JSON.stringify(lastMessages(request))
}

function lastMessages(request: RecordedRequest): readonly unknown[] {
  const { messages, input, contents } = request.json ?? {}
  const list = [messages, input, contents].find((candidate) => Array.isArray(candidate)) as unknown[] | undefined
  const all = list ?? []
  return all.slice(all.findLastIndex(isOfTheModel) + 1)
}

function isOfTheModel(message: unknown): boolean {
  const { role, type } = message as { readonly role?: string; readonly type?: string }
  return role === 'assistant' || role === 'model' || type === 'function_call'
}

const callId = 'call_scripted_1'

function chatTurn({ text = [], call, usage }: Turn, request: RecordedRequest): Script {
  return {
    kind: request.json?.stream === true ? 'stream' : 'completion',
    ...(text.length === 0 ? {} : { text }),
    ...(call === undefined
      ? {}
      : { toolCalls: [{ id: callId, name: call.name, arguments: fragments(JSON.stringify(call.input)) }] }),
    usage: { prompt: usage.input, completion: usage.output },
  }
}

function responsesTurn({ text, call, usage }: Turn, request: RecordedRequest): Script {
  const script = {
    ...(text === undefined ? {} : { text }),
    ...(call === undefined
      ? {}
      : { calls: [{ callId, name: call.name, fragments: fragments(JSON.stringify(call.input)) }] }),
    usage,
  }
  return request.json?.stream === true ? responsesScript(script) : json(responseBody(script))
}

function messagesTurn({ text, call, usage }: Turn, request: RecordedRequest): Script {
  const source = messageReply({
    blocks: [
      ...(text === undefined ? [] : [{ type: 'text' as const, text }]),
      ...(call === undefined
        ? []
        : [
            {
              type: 'tool_use' as const,
              id: 'toolu_scripted_1',
              name: call.name,
              arguments: fragments(JSON.stringify(call.input)),
            },
          ]),
    ],
    usage,
  })
  return typeof source === 'function' ? source(request) : source
}

function geminiTurn({ text = [], call, usage }: Turn, request: RecordedRequest): Script {
  const parts = [
    ...text.map((piece) => ({ text: piece })),
    ...(call === undefined ? [] : [{ functionCall: { name: call.name, args: call.input } }]),
  ]
  const tokens = { prompt: usage.input, candidates: usage.output }
  if (!request.path.includes(':streamGenerateContent')) {
    return geminiAnswerScript(geminiChunk({ parts, finish: 'STOP', usage: tokens }))
  }
  const last = geminiChunk({ parts: [{ text: '' }], finish: 'STOP', usage: tokens })
  return geminiStreamScript([...parts.map((part) => geminiChunk({ parts: [part] })), last])
}

function json(body: object): RawScript {
  return { kind: 'raw', headers: { 'content-type': 'application/json' }, body: [JSON.stringify(body)] }
}

/** The text in three pieces, as streams cut it. */
function fragments(text: string): string[] {
  const size = Math.ceil(text.length / 3)
  return [text.slice(0, size), text.slice(size, 2 * size), text.slice(2 * size)]
}
