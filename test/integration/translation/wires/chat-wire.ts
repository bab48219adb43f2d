import { completionBody, errorBody } from '../../../doubles/upstream/completion-shapes.ts'
import { chatChunk } from '../../../doubles/wires/chat-upstream.ts'
import { event, jsonAnswer, parseJson, streamOf, textOf, type Told, usualUsage, type WireDouble } from './wire.ts'

interface Message {
  readonly role: string
  readonly content?: unknown
  readonly reasoning_content?: string
  readonly tool_calls?: readonly { readonly id: string; readonly function: { name: string; arguments: string } }[]
  readonly tool_call_id?: string
}

interface Body {
  readonly messages: readonly Message[]
  readonly tools?: readonly { readonly function: { readonly name: string } }[]
  readonly response_format?: { readonly json_schema?: { readonly schema: unknown } }
}

interface ImagePart {
  readonly image_url?: { readonly url: string }
}

/** An upstream of the chat wire; the one that thinks is DeepSeek, which wants its reasoning back. */
export const chatWire: WireDouble = {
  name: 'openai-compatible',
  models: { usual: 'openai/gpt-4.1', thinking: 'deepseek/deepseek-v4-pro' },
  basePath: '/v1',
  hasState: false,
  tellsCache: true,
  say: (told, stream, trouble) =>
    stream
      ? streamOf(streamWrites(told), brokenWrites(trouble?.kind === 'error-event' ? trouble.message : ''), trouble)
      : jsonAnswer(
          completionBody(
            {
              kind: 'completion',
              text: told.text ?? '',
              toolCalls: (told.calls ?? []).map(({ fragments, ...call }) => ({ ...call, arguments: fragments })),
              usage: usageScript(told),
              ...(told.truncated === true ? { finishReason: 'length' } : {}),
              ...(told.reasoning === undefined ? {} : { reasoning: told.reasoning }),
            },
            'double',
          ),
        ),
  refuse: (status, message) => jsonAnswer(errorBody({ message, type: 'invalid_request_error' }), status),
  refuseLength: () =>
    jsonAnswer(
      errorBody({
        message: "This model's maximum context length is 128000 tokens. However, your messages have 130000 tokens.",
        type: 'invalid_request_error',
        code: 'context_length_exceeded',
      }),
      400,
    ),
  isStream: (request) => request.json?.stream === true,
  see: (request) => {
    const { messages, tools = [], response_format: format } = request.json as unknown as Body
    const isSystem = ({ role }: Message): boolean => role === 'system' || role === 'developer'
    const parts = messages.flatMap(({ content }) => (Array.isArray(content) ? (content as ImagePart[]) : []))
    return {
      system: messages
        .filter(isSystem)
        .map((message) => textOf(message.content))
        .join('\n'),
      text: messages
        .filter((message) => !isSystem(message) && message.role !== 'tool')
        .map((message) => textOf(message.content))
        .join('\n'),
      images: parts.flatMap((part) => part.image_url?.url.replace('data:image/png;base64,', '') ?? []),
      tools: tools.map((tool) => tool.function.name),
      calls: messages
        .flatMap((message) => message.tool_calls ?? [])
        .map((call) => ({ id: call.id, name: call.function.name, arguments: parseJson(call.function.arguments) })),
      results: messages
        .filter(({ role }) => role === 'tool')
        .map((message) => ({ id: message.tool_call_id ?? '', text: textOf(message.content) })),
      schema: format?.json_schema?.schema,
      reasoning: messages.flatMap((message) => message.reasoning_content ?? []),
      opaque: [],
    }
  },
}

function usageScript({ usage = usualUsage }: Told) {
  return { prompt: usage.input, completion: usage.output, cached: usage.cached, reasoning: usage.reasoning }
}

/** Calls in parallel come in turns, a piece of each, as servers with real parallel decoding send them. */
function streamWrites(told: Told): string[] {
  const calls = told.calls ?? []
  const most = Math.max(0, ...calls.map((call) => call.fragments.length))
  const rounds = Array.from({ length: most }, (_, round) =>
    calls.flatMap(({ fragments }, index) => {
      const fragment = fragments[round]
      return fragment === undefined ? [] : [{ tool_calls: [{ index, function: { arguments: fragment } }] }]
    }),
  )
  const whole = completionBody({ kind: 'completion', usage: usageScript(told) }, 'double')
  const chunks = [
    chatChunk({ role: 'assistant', content: '' }),
    ...(told.reasoning === undefined ? [] : [chatChunk({ reasoning_content: told.reasoning })]),
    ...(told.text ?? []).map((content) => chatChunk({ content })),
    ...calls.map(({ id, name }, index) =>
      chatChunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
    ),
    ...rounds.flat().map((delta) => chatChunk(delta)),
    chatChunk({}, told.truncated === true ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop'),
    { ...chatChunk({}), choices: [], usage: whole.usage },
  ]
  return [...chunks.map((chunk) => event(chunk)), 'data: [DONE]\n\n']
}

function brokenWrites(message: string): string[] {
  return [
    event(chatChunk({ role: 'assistant', content: 'Half' })),
    event(errorBody({ message, type: 'server_error', code: 'server_error' })),
  ]
}
