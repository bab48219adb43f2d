import type { FinishReason } from '../../model/answer-parts.ts'

/** What a finish reason means: an end, a failure of the model that a repeat may cure, or an end that needs output to be one. */
export type FinishMeaning =
  | { readonly kind: 'end'; readonly reason: FinishReason }
  | { readonly kind: 'failure' }
  | { readonly kind: 'end-if-output' }

const reasons: Readonly<Record<string, FinishMeaning>> = {
  STOP: { kind: 'end-if-output' },
  MAX_TOKENS: { kind: 'end', reason: 'length' },
  CONTINUATION: { kind: 'end', reason: 'length' },
  SAFETY: { kind: 'end', reason: 'filtered' },
  RECITATION: { kind: 'end', reason: 'filtered' },
  BLOCKLIST: { kind: 'end', reason: 'filtered' },
  PROHIBITED_CONTENT: { kind: 'end', reason: 'filtered' },
  SPII: { kind: 'end', reason: 'filtered' },
  LANGUAGE: { kind: 'end', reason: 'filtered' },
  IMAGE_SAFETY: { kind: 'end', reason: 'filtered' },
  IMAGE_PROHIBITED_CONTENT: { kind: 'end', reason: 'filtered' },
  IMAGE_RECITATION: { kind: 'end', reason: 'filtered' },
  MALFORMED_FUNCTION_CALL: { kind: 'failure' },
  MALFORMED_RESPONSE: { kind: 'failure' },
  UNEXPECTED_TOOL_CALL: { kind: 'failure' },
  TOO_MANY_TOOL_CALLS: { kind: 'failure' },
  MISSING_THOUGHT_SIGNATURE: { kind: 'failure' },
}

/**
 * Reads a `finishReason`. STOP, OTHER and words that are not known count as an end only when something was said: an empty
 * answer under one of them is a failure. Calls make `tools` of a stop, as this API has no word for it.
 */
export function meaningOf(word: string): FinishMeaning {
  return (Object.hasOwn(reasons, word) ? reasons[word] : undefined) ?? { kind: 'end-if-output' }
}
