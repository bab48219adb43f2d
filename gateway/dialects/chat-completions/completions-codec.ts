import type { AnswerPart } from '../../model/answer-parts.ts'
import type { ModelAnswer } from '../../model/answer.ts'
import { GatewayError } from '../../model/errors.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { ModelRequest } from '../../model/model-request.ts'
import type { Usage } from '../../model/usage.ts'
import type { DialectCodec, DialectInput, PartWriter, WriteContext } from '../codec.ts'
import { doneEvent, envelope, eventOf, finishWord, keepAliveComment, writeUsage } from './answer-shapes.ts'
import { chatErrorBody, chatErrorEvent } from './error-body.ts'
import { invalidField, isAbsent, missingField, optionalFlag } from './field-reader.ts'
import { knownFields, readParameters } from './read-parameters.ts'
import { extensionsOf } from './read-request.ts'
import { textOf } from './write-answer.ts'

/** OpenAI's legacy completions: one prompt in, one text out, served by chat models. */
export const completionsCodec: DialectCodec = {
  dialect: 'chat-completions',
  readRequest: readCompletion,
  writeAnswer: writeCompletion,
  openWriter: (context) => createCompletionWriter(context),
  errorBody: (error) => chatErrorBody(error),
}

const fieldsOfCompletions = new Set([...knownFields, 'prompt', 'best_of', 'echo', 'suffix'])

/**
 * Reads a legacy completion with one prompt as a conversation of one user turn.
 * @throws GatewayError 400: several prompts, token numbers, and the fields that a chat model cannot honour
 */
function readCompletion({ body, url }: DialectInput): ModelRequest {
  refuseUnsupported(body)
  const { logprobs: _logprobs, tools: _tools, ...rest } = body
  return {
    dialect: 'chat-completions',
    stream: url.stream ?? optionalFlag(body, 'stream') ?? false,
    turns: [{ role: 'user', parts: [{ type: 'text', text: readPrompt(body.prompt) }] }],
    tools: [],
    ...readParameters(rest),
    extensions: extensionsOf(body, fieldsOfCompletions),
    warnings: [],
  }
}

function readPrompt(prompt: JsonValue | undefined): string {
  if (isAbsent(prompt)) throw missingField('prompt', 'a text')
  const text = Array.isArray(prompt) && prompt.length === 1 ? prompt[0] : prompt
  if (typeof text === 'string' && text !== '') return text
  if (Array.isArray(text) && text.length > 0) {
    throw new GatewayError(
      'unsupported_field',
      'Legacy completions are taken with one "prompt" as text here. Send several prompts as several requests.',
      { param: 'prompt' },
    )
  }
  throw invalidField('prompt', 'a text that is not empty')
}

/** Values at which a field asks for nothing. */
const harmless: Readonly<Record<string, readonly JsonValue[]>> = {
  n: [1],
  best_of: [1],
  suffix: [''],
  echo: [false],
  logprobs: [0, false],
}

function refuseUnsupported(body: JsonObject): void {
  for (const [field, values] of Object.entries(harmless)) {
    const value = body[field]
    if (isAbsent(value) || values.includes(value)) continue
    throw new GatewayError(
      'unsupported_field',
      `Legacy completions are served by chat models, which have no "${field}". Leave it out.`,
      { param: field },
    )
  }
}

function writeCompletion(answer: ModelAnswer, context: WriteContext): Buffer {
  const body: JsonObject = {
    ...envelope(context, 'text_completion'),
    choices: [choiceOf(textOf(answer.parts, 'text'), finishWord(answer.finish, context))],
    ...(answer.usage === null ? {} : { usage: writeUsage(answer.usage) }),
  }
  return Buffer.from(JSON.stringify(body))
}

function choiceOf(text: string, finish: string | null): JsonObject {
  return { text, index: 0, logprobs: null, finish_reason: finish }
}

/** Only text goes out: this form has no reasoning, no refusal and no calls. */
function createCompletionWriter(context: WriteContext): PartWriter {
  const head = envelope(context, 'text_completion')
  const texts = new Set<number>()
  let usage: Usage | undefined
  const chunk = (text: string, finish: string | null): Buffer => eventOf({ ...head, choices: [choiceOf(text, finish)] })
  const write = (part: AnswerPart): readonly Buffer[] => {
    if (part.type === 'part-start' && part.part.type === 'text') texts.add(part.index)
    else if (part.type === 'part-delta' && texts.has(part.index)) return [chunk(part.text, null)]
    else if (part.type === 'usage') usage = part.usage
    else if (part.type === 'finish') return [chunk('', finishWord(part.reason, context))]
    return []
  }
  return {
    write,
    end: () => {
      const wanted = context.request.wantsUsageChunk === true && usage !== undefined
      return wanted && usage !== undefined
        ? Buffer.concat([eventOf({ ...head, choices: [], usage: writeUsage(usage) }), doneEvent])
        : doneEvent
    },
    fail: chatErrorEvent,
    keepAlive: () => keepAliveComment,
  }
}
