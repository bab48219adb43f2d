import type { FinishReason, OpenedPart } from '../../model/answer-parts.ts'
import type { JsonObject } from '../../model/json.ts'
import { citationMembers, type TextNotes } from '../../model/text-notes.ts'
import type { Usage } from '../../model/usage.ts'
import type { WriteContext } from '../codec.ts'

const words: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  tools: 'tool_calls',
  length: 'length',
  context_full: 'length',
  filtered: 'content_filter',
  paused: 'stop',
}

/** The finish reason in this dialect's words; answers in the deprecated form say `function_call`. */
export function finishWord(reason: FinishReason, { request }: WriteContext): string {
  return reason === 'tools' && request.legacyFunctions === true ? 'function_call' : words[reason]
}

/** Usage in this dialect's meaning: the prompt includes cached tokens, the completion includes reasoning. */
export function writeUsage(usage: Usage): JsonObject {
  const { inputTokens, cachedTokens, cacheWriteTokens, outputTokens, reasoningTokens } = usage
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: {
      cached_tokens: cachedTokens,
      ...(cacheWriteTokens === 0 ? {} : { cache_write_tokens: cacheWriteTokens }),
    },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  }
}

/** What stands at the top of an answer or of each chunk of a stream. */
export function envelope({ callId, createdAt, model, identity }: WriteContext, kind: AnswerKind): JsonObject {
  return {
    id: identity?.id ?? `${idPrefix[kind]}-${callId}`,
    object: kind,
    created: identity?.createdAt ?? createdAt,
    model: identity?.model ?? model,
  }
}

export type AnswerKind = keyof typeof idPrefix

const idPrefix = {
  'chat.completion': 'chatcmpl',
  'chat.completion.chunk': 'chatcmpl',
  text_completion: 'cmpl',
} as const

type OpenedCall = Extract<OpenedPart, { type: 'tool-call' }>

/** A tool call with the text of its arguments, or of its input where the tool is a freeform one. */
export function writeCall({ id, name, kind }: OpenedCall, text: string): JsonObject {
  return kind === 'custom'
    ? { id, type: 'custom', custom: { name, input: text } }
    : { id, type: 'function', function: { name, arguments: text } }
}

/** `annotations` of a message or a delta; `offset`: the characters of earlier texts, which are one with this here. */
export function writeAnnotations({ citations = [] }: TextNotes, offset: number): JsonObject[] {
  return citations.map((citation) => ({ type: 'url_citation', url_citation: citationMembers(citation, offset) }))
}

/** `logprobs` of a choice; null where there are none. */
export function writeLogprobs({ logprobs = [] }: TextNotes): JsonObject | null {
  return logprobs.length === 0 ? null : { content: [...logprobs], refusal: null }
}

/** One event of a stream. */
export function eventOf(body: JsonObject): Buffer {
  return Buffer.from(`data: ${JSON.stringify(body)}\n\n`)
}

export const doneEvent = Buffer.from('data: [DONE]\n\n')

/** A comment, which clients skip. */
export const keepAliveComment = Buffer.from(': keep-alive\n\n')
