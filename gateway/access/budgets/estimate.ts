import type { Deployment } from '../../config/gateway-config.ts'
import type { Usage } from '../../model/usage.ts'

/** What is known of a request before it is made. */
export interface ExpectedWork {
  readonly bodyBytes: number
  /** What the client allows; undefined = as much as the model likes. */
  readonly maxOutputTokens: number | undefined
  /** False for endpoints that answer with no tokens (embeddings, moderations). */
  readonly writesText: boolean
}

/** Bytes of a request per input token where nothing was learned yet. */
const usualBytesPerToken = 4

/** The tokens a request will probably use. `usual`: how long the model's answers usually are. */
export function expectedUsage(
  work: ExpectedWork,
  deployment: Deployment,
  bytesPerToken: number | undefined,
  usual: number,
): Usage {
  const { maxOutputTokens, writesText } = work
  const most = Math.min(maxOutputTokens ?? Number.POSITIVE_INFINITY, deployment.maxOutputTokens ?? usual, usual)
  return {
    inputTokens: Math.ceil(work.bodyBytes / (bytesPerToken ?? usualBytesPerToken)),
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: writesText ? most : 0,
    reasoningTokens: 0,
  }
}
