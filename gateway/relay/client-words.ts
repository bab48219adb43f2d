import type { Dialect } from '../model/dialect.ts'
import { GatewayError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'

/** Where a client of each dialect writes the conversation. */
const conversationField: Readonly<Record<Dialect, string>> = {
  'chat-completions': 'messages',
  messages: 'messages',
  responses: 'input',
  gemini: 'contents',
}

/** Words for the conversation and for what stands inside it, as the wires name them in their refusals. */
const conversationWords: ReadonlySet<string> = new Set(
  'messages input contents tool_result tool_call file_id url image video audio document hosted unknown'.split(' '),
)

/** Other fields of chat completions in the words of Gemini and Responses; the same word elsewhere. */
const otherWords: Readonly<Partial<Record<Dialect, Readonly<Record<string, string>>>>> = {
  gemini: {
    n: 'generationConfig.candidateCount',
    tool_choice: 'toolConfig',
    response_format: 'generationConfig.responseSchema',
    modalities: 'generationConfig.responseModalities',
    max_tokens: 'generationConfig.maxOutputTokens',
  },
  responses: { response_format: 'text.format', max_tokens: 'max_output_tokens' },
}

/**
 * A refusal that names the field at fault as the client wrote it: an upstream's wire calls the conversation by its own name.
 * A field that stands in the request under the name given is that field. Pure.
 */
export function inClientWords(error: GatewayError, dialect: Dialect, body: JsonObject): GatewayError {
  const { param } = error
  if (param === null) return error
  const [head, rest] = splitPath(param)
  if (Object.hasOwn(body, head)) return error
  const word = wordOf(head, dialect, body)
  if (word === undefined || word === head) return error
  return new GatewayError(error.code, error.message.replaceAll(`"${head}"`, `"${word}"`), {
    // A place inside the upstream's form is none inside the client's.
    param: conversationWords.has(head) ? word : word + rest,
    status: error.status,
    cause: error.cause,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error.upstream === undefined ? {} : { upstream: error.upstream }),
  })
}

function wordOf(head: string, dialect: Dialect, body: JsonObject): string | undefined {
  // Legacy completions are chat completions with a prompt.
  if (conversationWords.has(head)) return Object.hasOwn(body, 'prompt') ? 'prompt' : conversationField[dialect]
  return otherWords[dialect]?.[head]
}

function splitPath(param: string): [string, string] {
  const end = param.search(/[.[ ]/)
  return end === -1 ? [param, ''] : [param.slice(0, end), param.slice(end)]
}
