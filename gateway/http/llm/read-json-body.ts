import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import { type FieldSpan, scanTopLevelFields } from '../../model/json-fields.ts'

/** A request body read once: the bytes, what they mean, and where each top-level field stands. */
export interface ReadBody {
  readonly bytes: Buffer
  readonly json: JsonObject
  readonly fields: ReadonlyMap<string, FieldSpan>
}

/**
 * Reads a body as a JSON object.
 * @throws GatewayError `invalid_json` (never quoting the body: it holds a prompt), `duplicate_key`
 */
export function readJsonBody(body: unknown): ReadBody {
  if (!Buffer.isBuffer(body) || body.length === 0) {
    throw new GatewayError('invalid_json', 'The request has no body; a JSON object is wanted.')
  }
  const json = parse(body)
  if (!isJsonObject(json)) {
    throw new GatewayError('invalid_json', `The request body is ${kindOf(json)}; a JSON object is wanted.`)
  }
  return { bytes: body, json, fields: scanTopLevelFields(body) }
}

function parse(body: Buffer): unknown {
  const text = body.toString('utf8')
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text)
  } catch (thrown) {
    // V8 quotes the text around the fault; only the position is fit to be shown.
    const position = /position (\d+)/u.exec(thrown instanceof Error ? thrown.message : '')?.[1]
    const place = position === undefined ? '' : ` It stops making sense at character ${position}.`
    throw new GatewayError('invalid_json', `The request body is not valid JSON.${place}`)
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`
}
