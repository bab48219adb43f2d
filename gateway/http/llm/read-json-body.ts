import { isAscii } from 'node:buffer'
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
  const bytes = withoutMark(body)
  // Most bodies are plain ASCII: one text then serves to parse and to find the fields.
  const byteText = isAscii(bytes) ? bytes.toString('latin1') : undefined
  const json = parse(byteText ?? bytes.toString('utf8'))
  if (!isJsonObject(json)) {
    throw new GatewayError('invalid_json', `The request body is ${kindOf(json)}; a JSON object is wanted.`)
  }
  return { bytes, json, fields: scanTopLevelFields(bytes, byteText) }
}

/** Without the byte order mark that some clients put before their JSON and few upstreams read. */
function withoutMark(body: Buffer): Buffer {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
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
