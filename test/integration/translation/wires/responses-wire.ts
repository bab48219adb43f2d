import {
  type AnswerScript,
  responseBody,
  responseEvents,
  responsesError,
} from '../../../doubles/wires/responses-upstream.ts'
import { event, jsonAnswer, parseJson, streamOf, textOf, type Told, usualUsage, type WireDouble } from './wire.ts'

interface Item {
  readonly type?: string
  readonly role?: string
  readonly content?: unknown
  readonly call_id?: string
  readonly name?: string
  readonly arguments?: string
  readonly output?: unknown
  readonly summary?: unknown
  readonly encrypted_content?: string
}

interface Body {
  readonly instructions?: string
  readonly input: readonly Item[]
  readonly tools?: readonly { readonly name: string }[]
  readonly text?: { readonly format?: { readonly schema?: unknown } }
}

interface ImagePart {
  readonly image_url?: string
}

/** An upstream of OpenAI's Responses wire. */
export const responsesWire: WireDouble = {
  name: 'openai-responses',
  models: { usual: 'responses-double/gpt-4.1', thinking: 'responses-double/gpt-5.5' },
  basePath: '/v1',
  hasState: true,
  tellsCache: true,
  say: (told, stream, trouble) => {
    if (!stream) return jsonAnswer(responseBody(answerScript(told)))
    const message = trouble?.kind === 'error-event' ? trouble.message : ''
    const broken = responseEvents({ text: ['Half'], end: { code: 'server_error', message } })
    return streamOf(writes(responseEvents(answerScript(told))), writes(broken), trouble)
  },
  refuse: (status, message) => responsesError(status, 'invalid_value', message),
  refuseLength: () =>
    responsesError(400, 'context_length_exceeded', 'Your input exceeds the context window of this model.'),
  isStream: (request) => request.json?.stream === true,
  see: (request) => {
    const { instructions = '', input, tools = [], text } = request.json as unknown as Body
    const messages = input.filter((item) => item.role !== undefined)
    const isSystem = ({ role }: Item): boolean => role === 'system' || role === 'developer'
    const parts = messages.flatMap(({ content }) => (Array.isArray(content) ? (content as ImagePart[]) : []))
    const reasoning = input.filter(({ type }) => type === 'reasoning')
    return {
      system: [instructions, ...messages.filter(isSystem).map((item) => textOf(item.content))].join('\n'),
      text: messages
        .filter((item) => !isSystem(item))
        .map((item) => textOf(item.content))
        .join('\n'),
      images: parts.flatMap((part) => part.image_url?.replace('data:image/png;base64,', '') ?? []),
      tools: tools.map((tool) => tool.name),
      calls: input
        .filter(({ type }) => type === 'function_call')
        .map((item) => ({
          id: item.call_id ?? '',
          name: item.name ?? '',
          arguments: parseJson(item.arguments ?? ''),
        })),
      results: input
        .filter(({ type }) => type === 'function_call_output')
        .map((item) => ({ id: item.call_id ?? '', text: textOf(item.output) })),
      schema: text?.format?.schema,
      reasoning: reasoning.map((item) => textOf(item.summary)),
      opaque: reasoning.flatMap((item) => item.encrypted_content ?? []),
    }
  },
}

function answerScript({ text, reasoning, opaque, calls, truncated, usage = usualUsage }: Told): AnswerScript {
  return {
    usage,
    ...(truncated === true ? { end: 'max_output_tokens' } : {}),
    ...(text === undefined ? {} : { text }),
    ...(reasoning === undefined
      ? {}
      : { reasoning: { summaries: [[reasoning]], ...(opaque === undefined ? {} : { encrypted: opaque }) } }),
    ...(calls === undefined
      ? {}
      : { calls: calls.map(({ id, name, fragments }) => ({ callId: id, name, fragments })) }),
  }
}

function writes(events: readonly { readonly type: string }[]): string[] {
  return events.map((data) => event(data, data.type))
}
