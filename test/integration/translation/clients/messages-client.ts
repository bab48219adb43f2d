import {
  type Answer,
  type Client,
  type Question,
  type StreamEvent,
  weatherDescription,
  weatherSchema,
} from './client.ts'

type Block =
  | { readonly type: 'text'; text: string }
  | { readonly type: 'thinking'; thinking: string; signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; input: unknown }

interface Usage {
  readonly input_tokens: number
  readonly cache_read_input_tokens?: number | null
  readonly cache_creation_input_tokens?: number | null
  readonly output_tokens: number
}

interface Message {
  readonly type: string
  readonly role: string
  readonly content: readonly Block[]
  readonly stop_reason: string | null
  readonly usage: Usage
}

interface Event {
  readonly type: string
  readonly index?: number
  readonly message?: Message
  readonly content_block?: Block
  readonly delta?: {
    readonly type?: string
    readonly text?: string
    readonly thinking?: string
    readonly signature?: string
    readonly partial_json?: string
    readonly stop_reason?: string
  }
  readonly usage?: Partial<Usage>
  readonly error?: { readonly type: string; readonly message: string }
}

/** Messages, as Claude Code sends and reads them. */
export const messagesClient: Client = {
  dialect: 'messages',
  headers: { 'anthropic-version': '2023-06-01' },
  path: () => '/v1/messages',
  body: (question) => ({
    model: question.model,
    max_tokens: 8_000,
    messages: messagesOf(question),
    ...(question.system === undefined ? {} : { system: question.system }),
    ...(question.stream === true ? { stream: true } : {}),
    ...(question.tools === true
      ? { tools: [{ name: 'weather', description: weatherDescription, input_schema: weatherSchema }] }
      : {}),
    ...(question.thinks === true ? { thinking: { type: 'enabled', budget_tokens: 2_048 } } : {}),
    ...(question.schema === undefined
      ? {}
      : { output_config: { format: { type: 'json_schema', schema: question.schema } } }),
  }),
  readAnswer: (text) => {
    const message = JSON.parse(text) as Message
    if (message.type !== 'message' || message.role !== 'assistant') throw new Error(`no message: ${text}`)
    return answerOf(message.content, message.stop_reason, message.usage, { complete: true, pieces: 1 })
  },
  readStream: (events) => readEvents(events.map(parseEvent)),
  readError: (text) => {
    const body = JSON.parse(text) as { type: unknown; error: { type: unknown; message: unknown } }
    if (body.type !== 'error' || typeof body.error.type !== 'string' || typeof body.error.message !== 'string') {
      throw new Error(`no error: ${text}`)
    }
    return body.error.message
  },
  saysTooLong: (text) =>
    (JSON.parse(text) as { error: { message: string } }).error.message.startsWith('prompt is too long'),
}

/** Its clients choose by the event's name. */
function parseEvent({ name, data }: StreamEvent): Event {
  const event = JSON.parse(data) as Event
  if (name !== event.type) throw new Error(`event ${name} holds ${event.type}`)
  return event
}

function messagesOf({ prompt, image, fileId, earlier = [] }: Question): object[] {
  const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } }
  const media = [
    ...(image === undefined ? [] : [picture]),
    ...(fileId === undefined ? [] : [{ type: 'document', source: { type: 'file', file_id: fileId } }]),
  ]
  return [
    { role: 'user', content: media.length === 0 ? prompt : [{ type: 'text', text: prompt }, ...media] },
    ...earlier.flatMap(({ answer, results }) => [
      { role: 'assistant', content: answer.turn },
      {
        role: 'user',
        content: results.map(({ id, text }) => ({ type: 'tool_result', tool_use_id: id, content: text })),
      },
    ]),
  ]
}

/** Blocks must come one after the other, each closed before the next. */
function readEvents(events: readonly Event[]): Answer {
  const blocks: Block[] = []
  let open = false
  let json = ''
  let pieces = 0
  let usage: Partial<Usage> = {}
  let stop: string | null = null
  for (const event of events) {
    const block = blocks.at(-1)
    if (event.type === 'message_start') usage = event.message?.usage ?? {}
    if (event.type === 'message_delta') {
      usage = { ...usage, ...event.usage }
      stop = event.delta?.stop_reason ?? null
    }
    if (event.type === 'content_block_start' && event.content_block !== undefined) {
      if (open || event.index !== blocks.length) throw new Error(`block ${event.index} begins out of order`)
      blocks.push({ ...event.content_block })
      open = true
      json = ''
    }
    if (event.type === 'content_block_stop') {
      if (!open || event.index !== blocks.length - 1) throw new Error(`block ${event.index} ends out of order`)
      if (block?.type === 'tool_use' && json !== '') block.input = JSON.parse(json) as unknown
      open = false
    }
    if (event.type === 'content_block_delta') {
      if (!open || event.index !== blocks.length - 1) throw new Error(`a delta for block ${event.index} out of order`)
      if (block?.type === 'text') pieces += 1
      if (block?.type === 'text') block.text += event.delta?.text ?? ''
      if (block?.type === 'thinking') {
        block.thinking += event.delta?.thinking ?? ''
        block.signature = (block.signature ?? '') + (event.delta?.signature ?? '')
      }
      json += event.delta?.partial_json ?? ''
    }
  }
  const last = events.at(-1)
  const complete = last?.type === 'message_stop' && !open && stop !== null
  const error = events.find((event) => event.type === 'error')?.error?.message
  return { ...answerOf(blocks, stop, usage as Usage, { complete, pieces }), error }
}

function answerOf(
  blocks: readonly Block[],
  stop: string | null,
  usage: Usage,
  end: { readonly complete: boolean; readonly pieces: number },
): Answer {
  const reasons: Readonly<Record<string, string>> = { end_turn: 'stop', tool_use: 'tools', max_tokens: 'length' }
  if (blocks.some((block) => block.type === 'text' && block.text === '') && end.complete) {
    throw new Error('an empty text block')
  }
  const cached = usage.cache_read_input_tokens ?? 0
  return {
    ...end,
    text: blocks.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    reasoning: blocks.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    calls: blocks
      .filter((block) => block.type === 'tool_use')
      .map((block) => ({ id: block.id, name: block.name, arguments: block.input })),
    finish: reasons[stop ?? ''] ?? stop ?? '',
    usage: {
      input: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
      cached,
      output: usage.output_tokens,
    },
    turn: blocks,
    error: undefined,
  }
}
