import { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import type { RequestFacts } from '../../model/request-facts.ts'
import { composeFacts } from '../compose-facts.ts'
import { contentText, hasPart, lastText, objectsOf } from '../content-parts.ts'
import { readModel, readTokenLimit, requireList } from '../control-fields.ts'
import { harnessOf } from '../harness.ts'
import type { RequestHeaders, RequestSource, UrlFacts } from '../request-source.ts'

/**
 * Reads the facts of an OpenAI responses request, whose `input` is a text or a list of items; messages may lack their
 * `type`. Throws GatewayError: `missing_field` or `invalid_field` for `model`, `input` and `fallbacks`.
 */
export function readResponsesFacts(
  body: JsonObject,
  bodyBytes: number,
  headers: RequestHeaders,
  url: UrlFacts = {},
): RequestFacts {
  const source: RequestSource = { body, bodyBytes, headers, url }
  readModel(source)
  const harness = harnessOf('responses', headers)
  const items = readItems(body)
  const systems = items
    .filter((item) => item.role === 'system' || item.role === 'developer')
    .map((item) => contentText(item.content))
  return composeFacts('responses', source, harness, {
    userTexts: items.filter((item) => item.role === 'user').map((item) => contentText(item.content, harness)),
    systemText: lastText([contentText(body.instructions), ...systems]),
    toolCount: countTools(body),
    hasImages: items.some((item) => hasPart(item.content, isImage) || hasPart(item.output, isImage)),
    maxOutputTokens: readTokenLimit(body.max_output_tokens),
  })
}

function readItems(body: JsonObject): readonly JsonObject[] {
  if (typeof body.input === 'string') return [{ role: 'user', content: body.input }]
  const continues =
    body.previous_response_id !== undefined || body.conversation !== undefined || body.prompt !== undefined
  if (body.input === undefined && continues) return []
  if (body.input !== undefined && body.input !== null && !Array.isArray(body.input)) {
    throw new GatewayError('invalid_field', 'The field "input" must be a text or a list of items.', { param: 'input' })
  }
  return objectsOf(requireList(body, 'input'))
}

/** Codex nests tools in namespaces: each inner tool counts, the namespace does not. */
function countTools(body: JsonObject): number {
  return objectsOf(body.tools).reduce(
    (count, tool) => count + (tool.type === 'namespace' ? objectsOf(tool.tools).length : 1),
    0,
  )
}

function isImage(part: JsonObject): boolean {
  return part.type === 'input_image'
}
