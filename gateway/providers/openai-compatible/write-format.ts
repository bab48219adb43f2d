import type { JsonObject } from '../../model/json.ts'
import { writeText } from './write-content.ts'
import type { Translation } from './translation.ts'

/** The wanted form of the answer, and a system message where the upstream needs to be told in words. */
export interface FormatWish {
  readonly fields: JsonObject
  readonly instruction: string | undefined
}

/** @returns the `response_format`; upstreams without schemas get a JSON wish and the schema in words */
export function writeFormat(translation: Translation): FormatWish {
  const format = translation.request.outputFormat
  if (format === undefined || format.type === 'text') return { fields: {}, instruction: undefined }
  const jsonObject: JsonObject = { response_format: { type: 'json_object' } }
  if (format.type === 'json_object') {
    // OpenAI and DeepSeek refuse the wish unless the prompt says JSON.
    return { fields: jsonObject, instruction: saysJson(translation) ? undefined : 'Answer with one JSON object.' }
  }
  if (!translation.quirks.jsonSchema) {
    translation.warnings.add('the answer schema was sent as an instruction')
    const instruction = `Answer with one JSON object that follows this JSON Schema:\n${JSON.stringify(format.schema)}`
    return { fields: jsonObject, instruction }
  }
  const schema: JsonObject = { name: schemaName(format.name), schema: format.schema }
  if (format.description !== undefined) schema.description = format.description
  if (format.strict !== undefined) schema.strict = format.strict
  return { fields: { response_format: { type: 'json_schema', json_schema: schema } }, instruction: undefined }
}

function saysJson({ request }: Translation): boolean {
  return request.turns.some((turn) => /json/i.test(writeText(turn.parts)))
}

function schemaName(name: string | undefined): string {
  const made = (name ?? '').replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64)
  return made === '' ? 'answer' : made
}
