import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { RequestFacts } from '../../model/request-facts.ts'
import { composeFacts } from '../compose-facts.ts'
import { contentText, hasPart, lastText, objectsOf } from '../content-parts.ts'
import { readModel, readTokenLimit, requireList } from '../control-fields.ts'
import { type Harness, harnessOf } from '../harness.ts'
import type { RequestHeaders, RequestSource, UrlFacts } from '../request-source.ts'

const imageTypes = new Set<JsonValue | undefined>(['image_url', 'input_image', 'image'])

/**
 * Reads the facts of an OpenAI chat completion, or of a legacy completion with `prompt`. Lenient inside the messages,
 * whose faults are the upstream's to judge. Throws GatewayError: `missing_field` or `invalid_field` for `model`,
 * `messages` and `fallbacks`.
 */
export function readChatFacts(
  body: JsonObject,
  bodyBytes: number,
  headers: RequestHeaders,
  url: UrlFacts = {},
): RequestFacts {
  const source: RequestSource = { body, bodyBytes, headers, url }
  readModel(source)
  const harness = harnessOf('chat-completions', headers)
  const isLegacy = body.messages === undefined && body.prompt !== undefined
  const messages = isLegacy ? [] : objectsOf(requireList(body, 'messages'))
  return composeFacts('chat-completions', source, harness, {
    userTexts: isLegacy ? promptTexts(body.prompt) : textsOfRoles(messages, ['user'], harness),
    systemText: lastText(textsOfRoles(messages, ['system', 'developer'])),
    toolCount: objectsOf(body.tools).length + objectsOf(body.functions).length,
    hasImages: messages.some((message) => hasPart(message.content, (part) => imageTypes.has(part.type))),
    maxOutputTokens: readTokenLimit(body.max_completion_tokens, body.max_tokens),
  })
}

function textsOfRoles(messages: readonly JsonObject[], roles: readonly string[], harness?: Harness): string[] {
  return messages
    .filter((message) => typeof message.role === 'string' && roles.includes(message.role))
    .map((message) => contentText(message.content, harness))
}

/** A prompt is a text, several texts (several completions: the last one counts) or token numbers, which say nothing. */
function promptTexts(prompt: JsonValue | undefined): string[] {
  const prompts = Array.isArray(prompt) ? prompt : [prompt]
  return prompts.filter((text): text is string => typeof text === 'string')
}
