import type { Dialect } from '../model/dialect.ts'
import { GatewayError } from '../model/errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'

/** Where a client of each dialect writes the conversation. */
const conversationField: Readonly<Record<Dialect, string>> = {
  'chat-completions': 'messages',
  messages: 'messages',
  responses: 'input',
  gemini: 'contents',
}

/** Names of the conversation on the wires of upstreams. */
const conversationWords: ReadonlySet<string> = new Set(['messages', 'input', 'contents'])

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
 * A refusal that names the field at fault as the client wrote it: an upstream's wire has its own names for the conversation,
 * for what stands in it (`video`, a kind of block) and for settings that a dialect nests. A field that stands in the
 * request under the name given is that field. Pure.
 */
export function inClientWords(error: GatewayError, dialect: Dialect, body: JsonObject): GatewayError {
  const { param } = error
  if (param === null) return error
  const [head, rest] = splitPath(param)
  if (Object.hasOwn(body, head)) return error
  const setting = otherWords[dialect]?.[head] ?? nestedSetting(head, body)
  // What the request has nowhere else can only stand in its conversation; a place inside the upstream's form is none here.
  const word = setting === undefined ? conversationOf(dialect, body) : setting + rest
  const isNamed = setting !== undefined || conversationWords.has(head)
  const message = isNamed ? error.message.replaceAll(`"${head}"`, `"${setting ?? word}"`) : error.message
  return new GatewayError(error.code, message, {
    param: word,
    status: error.status,
    cause: error.cause,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error.upstream === undefined ? {} : { upstream: error.upstream }),
  })
}

/** Legacy completions are chat completions with a prompt. */
function conversationOf(dialect: Dialect, body: JsonObject): string {
  return dialect === 'chat-completions' && Object.hasOwn(body, 'prompt') ? 'prompt' : conversationField[dialect]
}

/** Objects that hold settings which other dialects have at the top level. */
const settingObjects = ['generationConfig', 'generation_config', 'text', 'reasoning', 'output_config', 'thinking']

function nestedSetting(name: string, body: JsonObject): string | undefined {
  const camel = name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
  for (const outer of settingObjects) {
    const value = body[outer]
    const inner = [name, camel].find((spelling) => isJsonObject(value) && Object.hasOwn(value, spelling))
    if (inner !== undefined) return `${outer}.${inner}`
  }
  return undefined
}

function splitPath(param: string): [string, string] {
  const end = param.search(/[.[ ]/)
  return end === -1 ? [param, ''] : [param.slice(0, end), param.slice(end)]
}
