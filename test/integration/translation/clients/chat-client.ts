import { type Answer, type Client, only, type Question, weatherDescription, weatherSchema } from './client.ts'

interface Call {
  readonly index?: number
  id?: string
  type?: string
  readonly function: { name?: string; arguments: string }
  extra_content?: unknown
}

interface Message {
  readonly content?: string | null
  readonly reasoning_content?: string
  readonly reasoning_details?: readonly unknown[]
  readonly tool_calls?: readonly Call[]
}

interface Completion {
  readonly object?: string
  readonly choices: readonly {
    readonly index: number
    readonly message?: Message
    readonly delta?: Message
    readonly finish_reason: string | null
  }[]
  readonly usage?: {
    readonly prompt_tokens: number
    readonly completion_tokens: number
    readonly total_tokens: number
    readonly prompt_tokens_details?: { readonly cached_tokens?: number }
  } | null
  readonly error?: { readonly message: string }
}

/** Chat completions, as its SDK sends and reads them. */
export const chatClient: Client = {
  dialect: 'chat completions',
  headers: {},
  path: () => '/v1/chat/completions',
  body: (question) => ({
    model: question.model,
    messages: messagesOf(question),
    ...(question.stream === true ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...(question.tools === true ? { tools: [weatherTool] } : {}),
    ...(question.thinks === true ? { reasoning_effort: 'high' } : {}),
    ...(question.schema === undefined
      ? {}
      : {
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'place', schema: question.schema, strict: true },
          },
        }),
  }),
  readAnswer: (text) => {
    const completion = JSON.parse(text) as Completion
    if (completion.object !== 'chat.completion') throw new Error(`object is ${completion.object}`)
    const choice = only(completion.choices)
    return answerOf(choice.message ?? {}, choice.finish_reason, completion.usage, { complete: true, pieces: 1 })
  },
  readStream: (events) => {
    const done = events.at(-1)?.data === '[DONE]'
    const chunks = events.filter(({ data }) => data !== '[DONE]').map(({ data }) => JSON.parse(data) as Completion)
    const error = chunks.find((chunk) => chunk.error !== undefined)?.error?.message
    if (done && error !== undefined) throw new Error('a broken stream ends as if it were whole')
    const choices = chunks.flatMap((chunk) => chunk.choices ?? [])
    if (choices.some((choice) => choice.index !== 0)) throw new Error('a choice has another index than 0')
    const deltas = choices.map((choice) => choice.delta ?? {})
    const finish = choices.map((choice) => choice.finish_reason).filter((reason) => reason !== null)
    const details = deltas.flatMap((delta) => delta.reasoning_details ?? [])
    const message: Message = {
      content: deltas.map((delta) => delta.content ?? '').join(''),
      reasoning_content: deltas.map((delta) => delta.reasoning_content ?? '').join(''),
      tool_calls: gatherCalls(deltas.flatMap((delta) => delta.tool_calls ?? [])),
      ...(details.length === 0 ? {} : { reasoning_details: details }),
    }
    const usage = chunks.findLast((chunk) => (chunk.usage ?? null) !== null)?.usage
    const pieces = deltas.filter((delta) => (delta.content ?? '') !== '').length
    const complete = done && finish.length === 1
    return { ...answerOf(message, finish[0] ?? null, usage, { complete, pieces }), error }
  },
  readError: (text) => {
    const { error } = JSON.parse(text) as { error: { message: unknown; type: unknown; code: unknown; param: unknown } }
    if (typeof error.message !== 'string' || typeof error.type !== 'string') throw new Error(`no error: ${text}`)
    if (!('code' in error) || !('param' in error)) throw new Error(`code or param is missing: ${text}`)
    return error.message
  },
  saysTooLong: (text) => (JSON.parse(text) as { error: { code: string } }).error.code === 'context_length_exceeded',
}

const weatherTool = {
  type: 'function',
  function: { name: 'weather', description: weatherDescription, parameters: weatherSchema },
}

function messagesOf({ system, prompt, image, fileId, earlier = [] }: Question): object[] {
  const media = [
    ...(image === undefined ? [] : [{ type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } }]),
    ...(fileId === undefined ? [] : [{ type: 'file', file: { file_id: fileId } }]),
  ]
  return [
    ...(system === undefined ? [] : [{ role: 'system', content: system }]),
    { role: 'user', content: media.length === 0 ? prompt : [{ type: 'text', text: prompt }, ...media] },
    ...earlier.flatMap(({ answer, results }) => [
      ...answer.turn,
      ...results.map(({ id, text }) => ({ role: 'tool', tool_call_id: id, content: text })),
    ]),
  ]
}

function gatherCalls(deltas: readonly Call[]): Call[] {
  const calls: Call[] = []
  for (const delta of deltas) {
    const { index = -1 } = delta
    const known = calls[index]
    if (known === undefined) {
      if (index !== calls.length || delta.id === undefined || delta.function.name === undefined) {
        throw new Error(`a call begins with ${JSON.stringify(delta)} as number ${calls.length}`)
      }
      const { index: _, ...call } = delta
      calls.push({ ...call, function: { ...delta.function, arguments: delta.function.arguments ?? '' } })
      continue
    }
    known.function.arguments += delta.function.arguments ?? ''
    if (delta.extra_content !== undefined) known.extra_content = delta.extra_content
  }
  return calls
}

function answerOf(
  message: Message,
  finish: string | null,
  usage: Completion['usage'],
  end: { readonly complete: boolean; readonly pieces: number },
): Answer {
  const calls = message.tool_calls ?? []
  const { tool_calls: _, ...rest } = message
  return {
    ...end,
    text: message.content ?? '',
    reasoning: message.reasoning_content ?? '',
    calls: calls.map((call) => ({
      id: call.id ?? '',
      name: call.function.name ?? '',
      arguments: JSON.parse(call.function.arguments) as unknown,
    })),
    finish: finish === 'tool_calls' ? 'tools' : (finish ?? ''),
    usage:
      usage === undefined || usage === null
        ? undefined
        : {
            input: usage.prompt_tokens,
            cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
            output: usage.completion_tokens,
          },
    turn: [{ role: 'assistant', ...rest, ...(calls.length === 0 ? {} : { tool_calls: calls }) }],
    error: undefined,
  }
}
