import type { JsonObject } from '../../model/json.ts'
import type { RequestFacts } from '../../model/request-facts.ts'
import { composeFacts } from '../compose-facts.ts'
import { contentText, hasPart, lastText, objectsOf } from '../content-parts.ts'
import { readModel, readTokenLimit, requireList } from '../control-fields.ts'
import { harnessOf } from '../harness.ts'
import type { RequestHeaders, RequestSource, UrlFacts } from '../request-source.ts'

/**
 * Reads the facts of an Anthropic messages request. A system message inside the conversation (Claude Code sends one) is
 * later than the `system` field, so it is the last system text. Throws GatewayError: `missing_field` or
 * `invalid_field` for `model`, `messages` and `fallbacks`.
 */
export function readMessagesFacts(
  body: JsonObject,
  bodyBytes: number,
  headers: RequestHeaders,
  url: UrlFacts = {},
): RequestFacts {
  const source: RequestSource = { body, bodyBytes, headers, url }
  readModel(source)
  const harness = harnessOf('messages', headers)
  const messages = objectsOf(requireList(body, 'messages'))
  const inside = messages.filter((message) => message.role === 'system').map((message) => contentText(message.content))
  return composeFacts('messages', source, harness, {
    userTexts: messages
      .filter((message) => message.role === 'user')
      .map((message) => contentText(message.content, harness)),
    systemText: lastText([contentText(body.system), ...inside]),
    toolCount: objectsOf(body.tools).length,
    hasImages: messages.some((message) => hasPart(message.content, (part) => part.type === 'image')),
    maxOutputTokens: readTokenLimit(body.max_tokens),
  })
}
