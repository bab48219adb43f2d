import { type Answer, type Client, type Question, weatherDescription, weatherSchema } from './client.ts'

interface Item {
  readonly type: string
  readonly id?: string
  readonly content?: readonly { readonly type: string; readonly text?: string }[]
  readonly summary?: readonly { readonly text: string }[]
  readonly encrypted_content?: string
  readonly call_id?: string
  readonly name?: string
  readonly arguments?: string
}

interface ResponseObject {
  readonly object: string
  readonly status: string
  readonly output: readonly Item[]
  readonly incomplete_details?: { readonly reason: string } | null
  readonly error?: { readonly code: string; readonly message: string } | null
  readonly usage?: {
    readonly input_tokens: number
    readonly input_tokens_details: { readonly cached_tokens: number }
    readonly output_tokens: number
    readonly output_tokens_details: { readonly reasoning_tokens: number }
  } | null
}

interface Event {
  readonly type: string
  readonly sequence_number: number
  readonly output_index?: number
  readonly item_id?: string
  readonly item?: Item
  readonly delta?: string
  readonly response?: ResponseObject
}

/** Responses, as Codex sends and reads them: the whole history each time, items taken from `output_item.done`. */
export const responsesClient: Client = {
  dialect: 'responses',
  headers: {},
  path: () => '/v1/responses',
  body: (question) => ({
    model: question.model,
    store: false,
    input: inputOf(question),
    include: ['reasoning.encrypted_content'],
    ...(question.system === undefined ? {} : { instructions: question.system }),
    ...(question.stream === true ? { stream: true } : {}),
    ...(question.tools === true ? { tools: [weatherTool] } : {}),
    ...(question.thinks === true ? { reasoning: { effort: 'high', summary: 'auto' } } : {}),
    ...(question.schema === undefined
      ? {}
      : { text: { format: { type: 'json_schema', name: 'place', schema: question.schema, strict: true } } }),
  }),
  readAnswer: (text) => {
    const response = JSON.parse(text) as ResponseObject
    if (response.object !== 'response') throw new Error(`object is ${response.object}`)
    return answerOf(response.output, response, 1)
  },
  readStream: (events) => {
    const parsed = events.map(({ name, data }) => {
      const event = JSON.parse(data) as Event
      if (name !== undefined && name !== event.type) throw new Error(`event ${name} holds ${event.type}`)
      return event
    })
    checkOrder(parsed)
    const last = parsed.at(-1)
    const done = parsed.filter((event) => event.type === 'response.output_item.done')
    const items = done.flatMap((event) => event.item ?? [])
    const pieces = parsed.filter((event) => event.type === 'response.output_text.delta')
    const answer = answerOf(items, last?.response, pieces.length)
    if (answer.complete && answer.text !== pieces.map((event) => event.delta).join('')) {
      throw new Error('the deltas and the done item differ')
    }
    return { ...answer, text: pieces.map((event) => event.delta).join('') }
  },
  readError: (text) => {
    const { error } = JSON.parse(text) as { error: { message: unknown; type: unknown; code: unknown; param: unknown } }
    if (typeof error.message !== 'string' || typeof error.type !== 'string') throw new Error(`no error: ${text}`)
    return error.message
  },
  saysTooLong: (text) => (JSON.parse(text) as { error: { code: string } }).error.code === 'context_length_exceeded',
}

const weatherTool = {
  type: 'function',
  name: 'weather',
  description: weatherDescription,
  parameters: weatherSchema,
  strict: false,
}

function inputOf({ prompt, image, fileId, earlier = [] }: Question): object[] {
  const picture = { type: 'input_image', image_url: `data:image/png;base64,${image}`, detail: 'auto' }
  const content = [
    { type: 'input_text', text: prompt },
    ...(image === undefined ? [] : [picture]),
    ...(fileId === undefined ? [] : [{ type: 'input_file', file_id: fileId }]),
  ]
  return [
    { type: 'message', role: 'user', content },
    ...earlier.flatMap(({ answer, results }) => [
      ...answer.turn,
      ...results.map(({ id, text }) => ({ type: 'function_call_output', call_id: id, output: text })),
    ]),
  ]
}

/** Codex ignores a delta whose item was not added, and wants each event numbered. */
function checkOrder(events: readonly Event[]): void {
  const added = new Set<string>()
  for (const [index, event] of events.entries()) {
    if (event.sequence_number !== index) throw new Error(`event ${index} has number ${event.sequence_number}`)
    if (event.type === 'response.output_item.added') added.add(event.item?.id ?? '')
    if (event.item_id !== undefined && !added.has(event.item_id)) throw new Error(`${event.type} before its item`)
  }
}

function answerOf(items: readonly Item[], response: ResponseObject | undefined, pieces: number): Answer {
  const calls = items.filter((item) => item.type === 'function_call')
  const texts = items.filter((item) => item.type === 'message').flatMap((item) => item.content ?? [])
  const reasoning = items.filter((item) => item.type === 'reasoning').flatMap((item) => item.summary ?? [])
  const usage = response?.usage ?? undefined
  const reasons: Readonly<Record<string, string>> = { max_output_tokens: 'length' }
  const incomplete = response?.incomplete_details?.reason ?? ''
  const stopped = calls.length > 0 ? 'tools' : 'stop'
  return {
    pieces,
    text: texts.map((part) => part.text ?? '').join(''),
    reasoning: reasoning.map((part) => part.text).join(''),
    calls: calls.map((call) => ({
      id: call.call_id ?? '',
      name: call.name ?? '',
      arguments: JSON.parse(call.arguments ?? '') as unknown,
    })),
    finish: response?.status === 'completed' ? stopped : (reasons[incomplete] ?? incomplete),
    usage:
      usage === undefined
        ? undefined
        : {
            input: usage.input_tokens,
            cached: usage.input_tokens_details.cached_tokens,
            output: usage.output_tokens,
          },
    turn: items,
    error: response?.error?.message,
    complete: response?.status === 'completed' || response?.status === 'incomplete',
  }
}
