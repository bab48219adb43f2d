import type { FinishReason } from '../../model/answer-parts.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import type { WriteContext } from '../codec.ts'

/** Words that this dialect's clients know; one of them that came from upstream is given on as it is. */
const ownWords = new Set([
  'BLOCKLIST',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
  'IMAGE_SAFETY',
  'LANGUAGE',
  'MAX_TOKENS',
  'PROHIBITED_CONTENT',
  'RECITATION',
  'SAFETY',
  'SPII',
  'STOP',
])

const words: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  tools: 'STOP',
  length: 'MAX_TOKENS',
  context_full: 'MAX_TOKENS',
  filtered: 'SAFETY',
  paused: 'STOP',
}

export interface AnswerEnd {
  readonly finishReason: string
  readonly usage: Usage | null
  /** Of the whole answer, in OpenAI's form. */
  readonly logprobs: readonly JsonObject[]
}

/** One response object: what every chunk of a stream is, and a whole answer too. */
export function responseObject(context: WriteContext, parts: readonly JsonObject[], end?: AnswerEnd): JsonObject {
  const candidate: JsonObject = { content: { parts: [...parts], role: 'model' } }
  if (end !== undefined) candidate.finishReason = end.finishReason
  candidate.index = 0
  if (end !== undefined && end.logprobs.length > 0) candidate.logprobsResult = logprobsResult(end.logprobs)
  const response: JsonObject = { candidates: [candidate] }
  if (end !== undefined && end.usage !== null) response.usageMetadata = usageMetadata(end.usage)
  response.modelVersion = context.identity?.model ?? context.model
  response.responseId = context.identity?.id ?? context.callId
  return response
}

/** This dialect's word for an end. It has none for tool calls: clients look at the parts. */
export function finishWord(reason: FinishReason, raw: string | null): string {
  return raw !== null && ownWords.has(raw) ? raw : words[reason]
}

function logprobsResult(logprobs: readonly JsonObject[]): JsonObject {
  const candidate = ({ token, logprob }: JsonObject): JsonObject => ({
    token: token ?? '',
    logProbability: logprob ?? null,
  })
  return {
    chosenCandidates: logprobs.map(candidate),
    topCandidates: logprobs.map(({ top_logprobs: top }) => ({
      candidates: Array.isArray(top) ? top.filter((entry) => isJsonObject(entry)).map(candidate) : [],
    })),
  }
}

/** This dialect counts thoughts beside the candidates and cached tokens within the prompt. */
function usageMetadata(usage: Usage): JsonObject {
  return {
    promptTokenCount: usage.inputTokens,
    candidatesTokenCount: Math.max(0, usage.outputTokens - usage.reasoningTokens),
    totalTokenCount: usage.inputTokens + usage.outputTokens,
    ...(usage.cachedTokens > 0 ? { cachedContentTokenCount: usage.cachedTokens } : {}),
    ...(usage.reasoningTokens > 0 ? { thoughtsTokenCount: usage.reasoningTokens } : {}),
  }
}
