import type { JsonObject } from '../../model/json.ts'
import type { RequestFacts } from '../../model/request-facts.ts'
import { composeFacts } from '../compose-facts.ts'
import { harnessOf } from '../harness.ts'
import type { RequestHeaders } from '../request-source.ts'

/**
 * The facts of a request that is no conversation (embeddings, images, moderation): its model, and nothing to classify.
 * Throws GatewayError on a bad `model`.
 */
export function readEndpointFacts(body: JsonObject, bodyBytes: number, headers: RequestHeaders): RequestFacts {
  // Speech says by its format that it comes as events.
  const url = body.stream_format === 'sse' ? { stream: true } : {}
  const source = { body, bodyBytes, headers, url }
  return composeFacts('chat-completions', source, harnessOf('chat-completions', headers), {
    userTexts: [],
    systemText: '',
    toolCount: 0,
    hasImages: false,
    maxOutputTokens: undefined,
    isBatch: true,
  })
}
