import {
  messageBody,
  messageError,
  messageEvents,
  type MessageScript,
} from '../../../doubles/wires/messages-upstream.ts'
import { event, jsonAnswer, streamOf, textOf, type Told, usualUsage, type WireDouble } from './wire.ts'

interface Block {
  readonly type: string
  readonly text?: string
  readonly source?: { readonly data?: string }
  readonly id?: string
  readonly name?: string
  readonly input?: unknown
  readonly tool_use_id?: string
  readonly content?: unknown
  readonly thinking?: string
  readonly signature?: string
}

interface Body {
  readonly system?: unknown
  readonly messages: readonly { readonly role: string; readonly content: string | readonly Block[] }[]
  readonly tools?: readonly { readonly name: string }[]
  readonly output_config?: { readonly format?: { readonly schema: unknown } }
}

/** An upstream of Anthropic's Messages wire. */
export const messagesWire: WireDouble = {
  name: 'anthropic',
  models: { usual: 'anthropic/claude-sonnet-4-6', thinking: 'anthropic/claude-sonnet-4-6' },
  basePath: '/v1',
  hasState: true,
  tellsCache: true,
  say: (told, stream, trouble) => {
    const script = messageScript(told)
    if (!stream) return jsonAnswer(messageBody(script))
    const message = trouble?.kind === 'error-event' ? trouble.message : ''
    const broken = [
      ...messageEvents({ blocks: [{ type: 'text', text: 'Half' }] }).slice(0, 3),
      { type: 'error', error: { type: 'overloaded_error', message } },
    ]
    return streamOf(writes(messageEvents(script)), writes(broken), trouble)
  },
  refuse: (status, message) => messageError(status, { type: 'invalid_request_error', message }),
  refuseLength: () =>
    messageError(400, {
      type: 'invalid_request_error',
      message: 'prompt is too long: 210000 tokens > 200000 maximum',
    }),
  isStream: (request) => request.json?.stream === true,
  see: (request) => {
    const body = request.json as unknown as Body
    const blocks = body.messages.flatMap(({ content }): readonly Block[] =>
      typeof content === 'string' ? [{ type: 'text', text: content }] : content,
    )
    const late = body.messages.filter(({ role }) => role === 'system').map(({ content }) => textOf(content))
    return {
      system: [textOf(body.system), ...late].join('\n'),
      text: blocks.map((block) => (block.type === 'text' ? block.text : '')).join('\n'),
      images: blocks.flatMap((block) => (block.type === 'image' ? (block.source?.data ?? []) : [])),
      tools: (body.tools ?? []).map((tool) => tool.name),
      calls: blocks
        .filter(({ type }) => type === 'tool_use')
        .map((block) => ({ id: block.id ?? '', name: block.name ?? '', arguments: block.input })),
      results: blocks
        .filter(({ type }) => type === 'tool_result')
        .map((block) => ({ id: block.tool_use_id ?? '', text: textOf(block.content) })),
      schema: body.output_config?.format?.schema,
      reasoning: blocks.flatMap((block) => block.thinking ?? []),
      opaque: blocks.flatMap((block) => (block.type === 'thinking' ? (block.signature ?? []) : [])),
    }
  },
}

function messageScript({
  text,
  reasoning,
  opaque = '',
  calls = [],
  truncated,
  usage = usualUsage,
}: Told): MessageScript {
  return {
    ...(truncated === true ? { stopReason: 'max_tokens' } : {}),
    usage: {
      input: usage.input - usage.cached,
      cacheRead: usage.cached,
      output: usage.output,
      thinking: usage.reasoning,
    },
    blocks: [
      ...(reasoning === undefined ? [] : [{ type: 'thinking' as const, text: reasoning, signature: opaque }]),
      ...(text === undefined ? [] : [{ type: 'text' as const, text }]),
      ...calls.map(({ id, name, fragments }) => ({ type: 'tool_use' as const, id, name, arguments: fragments })),
    ],
  }
}

function writes(events: readonly { readonly type: string }[]): string[] {
  return events.map((data) => event(data, data.type))
}
