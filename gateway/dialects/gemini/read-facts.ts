import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { RequestFacts } from '../../model/request-facts.ts'
import { composeFacts } from '../compose-facts.ts'
import { contentText, objectsOf } from '../content-parts.ts'
import { readModel, readTokenLimit, requireList } from '../control-fields.ts'
import { objectField } from '../object-field.ts'
import { harnessOf } from '../harness.ts'
import type { RequestHeaders, RequestSource, UrlFacts } from '../request-source.ts'

/**
 * Reads the facts of a Gemini generateContent request. The URL gives the model and whether the answer is streamed;
 * fields may be spelled in camel or snake case. Throws GatewayError: `missing_field` or `invalid_field` for `model`,
 * `contents` and `fallbacks`.
 */
export function readGeminiFacts(
  body: JsonObject,
  bodyBytes: number,
  headers: RequestHeaders,
  url: UrlFacts = {},
): RequestFacts {
  const source: RequestSource = { body, bodyBytes, headers, url }
  readModel(source)
  const harness = harnessOf('gemini', headers)
  const contents = readContents(body)
  const system = body.systemInstruction ?? body.system_instruction
  const generation = body.generationConfig ?? body.generation_config
  return composeFacts('gemini', source, harness, {
    userTexts: contents
      .filter((content) => content.role === 'user' || content.role === undefined)
      .map((content) => contentText(content.parts, harness)),
    systemText: typeof system === 'string' ? system : contentText(objectField(system, 'parts')),
    toolCount: objectsOf(body.tools).reduce((count, tool) => count + countFunctions(tool), 0),
    hasImages: contents.some((content) => objectsOf(content.parts).some((part) => isImage(part))),
    maxOutputTokens: readTokenLimit(
      objectField(generation, 'maxOutputTokens'),
      objectField(generation, 'max_output_tokens'),
    ),
  })
}

/** The SDKs send a list; a single content is accepted as the service accepts it. */
function readContents(body: JsonObject): readonly JsonObject[] {
  if (isJsonObject(body.contents)) return [body.contents]
  return objectsOf(requireList(body, 'contents'))
}

/** A tool entry holds many functions, or is one hosted tool. */
function countFunctions(tool: JsonObject): number {
  const functions = tool.functionDeclarations ?? tool.function_declarations
  return functions === undefined ? 1 : objectsOf(functions).length
}

function isImage(part: JsonObject): boolean {
  return [part.inlineData, part.inline_data, part.fileData, part.file_data].some((data) => {
    const mimeType = objectField(data, 'mimeType') ?? objectField(data, 'mime_type')
    return typeof mimeType === 'string' && mimeType.startsWith('image/')
  })
}
