import type { Deployment } from '../config/gateway-config.ts'
import type { RequestFacts } from '../model/request-facts.ts'

/** JSON of a conversation has about so many bytes to a token, until a deployment's own ratio is learned. */
const usualBytesPerToken = 4

/** Lists say 1,000,000 for 1,048,576 and 32,000 for 32,768. */
const roundness = 1.1

/** Servers that cut the output short where the window ends: asking them for too much of it is no mistake. */
const outputCutters: ReadonlySet<string> = new Set([
  'ollama',
  'ollama_chat',
  'lm_studio',
  'llamafile',
  'llama_cpp',
  'demo',
])

/** How many input tokens a request probably has on a deployment. `bytesPerToken`: the learned ratio, where there is one. */
export function estimateInputTokens(facts: RequestFacts, bytesPerToken: number | undefined): number {
  return Math.ceil(facts.bodyBytes / (bytesPerToken ?? usualBytesPerToken))
}

/** Why a request cannot fit: what it has at least, and what there is room for; all in tokens. */
export interface ContextMisfit {
  readonly atLeast: number
  /** Output asked for, where it counts. */
  readonly output: number
  readonly window: number
}

/**
 * The proof that a request is too long for a deployment; undefined when it fits, may fit, or nothing is known. Counts only
 * what any tokenizer must make of the text, never images or files: no request that fits is refused.
 */
export function proveMisfit(facts: RequestFacts, deployment: Deployment): ContextMisfit | undefined {
  const { contextWindow, totalWindow, windowIsPresumed } = deployment
  if ((contextWindow === undefined && totalWindow === undefined) || facts.leastInputTokens === undefined)
    return undefined
  const output = outputCutters.has(deployment.provider) ? 0 : (facts.maxOutputTokens ?? 0)
  const rooms = [
    { window: contextWindow ?? Infinity, output: 0, slack: windowIsPresumed === true ? roundness : 1 },
    { window: totalWindow ?? Infinity, output, slack: 1 },
  ]
  // No tokenizer makes more tokens than half the bytes count here, so that most requests are never counted.
  const most = facts.bodyBytes / 2
  if (rooms.every((room) => most + room.output <= room.window * room.slack)) return undefined
  const atLeast = facts.leastInputTokens()
  const tight = rooms.find((room) => atLeast + room.output > room.window * room.slack)
  return tight === undefined ? undefined : { atLeast, output: tight.output, window: tight.window }
}

/** True when a request is probably too long, by the estimate: such a deployment is tried after its equals. */
export function probablyTooLong(
  facts: RequestFacts,
  deployment: Deployment,
  bytesPerToken: number | undefined,
): boolean {
  if (deployment.contextWindow === undefined || facts.hasImages) return false
  return estimateInputTokens(facts, bytesPerToken) > deployment.contextWindow
}
