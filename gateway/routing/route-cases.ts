import type { ExplainRequest } from '../contract/routers.ts'
import { GatewayError } from '../model/errors.ts'
import { scanTopLevelFields } from '../model/json-fields.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'

/**
 * Reads one line of a file of cases: a whole request `{"model", "headers", "body"}` (model and headers may be absent)
 * or a bare request body. Throws GatewayError `invalid_json` or `invalid_field`, naming the line (1-based), and
 * `duplicate_key` for a key that stands twice at the top, which the gateway would refuse too.
 */
export function readRouteCase(line: string, lineNumber: number): ExplainRequest {
  const value = parseLine(line, lineNumber)
  const source = Buffer.from(line)
  const fields = scanTopLevelFields(source)
  if (!isWholeRequest(value)) return { body: value }
  const { model, headers, body } = value
  if (!isJsonObject(body)) throw badCase(lineNumber, 'body', 'must be an object')
  const span = fields.get('body')
  if (span !== undefined) scanTopLevelFields(source.subarray(span.valueStart, span.valueEnd))
  if (model !== undefined && typeof model !== 'string') throw badCase(lineNumber, 'model', 'must be a text')
  const unknown = Object.keys(value).find((key) => !['model', 'headers', 'body'].includes(key))
  if (unknown !== undefined) throw badCase(lineNumber, unknown, 'is not known beside "model", "headers" and "body"')
  return {
    ...(model === undefined ? {} : { model }),
    ...(headers === undefined ? {} : { headers: readHeaders(headers, lineNumber) }),
    body,
  }
}

/** A request body of no dialect has a field `body`. */
function isWholeRequest(value: JsonObject): boolean {
  return Object.hasOwn(value, 'body')
}

function parseLine(line: string, lineNumber: number): JsonObject {
  let value: JsonValue
  try {
    value = JSON.parse(line) as JsonValue
  } catch {
    // The parser's own message would quote the prompt.
    throw new GatewayError('invalid_json', `Line ${lineNumber} is not JSON; one request per line is wanted.`)
  }
  if (!isJsonObject(value)) {
    throw new GatewayError('invalid_field', `Line ${lineNumber} is not a JSON object; a request is wanted.`)
  }
  return value
}

function readHeaders(headers: JsonValue, lineNumber: number): Record<string, string> {
  if (!isJsonObject(headers)) throw badCase(lineNumber, 'headers', 'must be an object of texts')
  const entries = Object.entries(headers).map(([name, value]): [string, string] => {
    if (typeof value !== 'string') throw badCase(lineNumber, `headers.${name}`, 'must be a text')
    return [name, value]
  })
  return Object.fromEntries(entries)
}

function badCase(lineNumber: number, field: string, wanted: string): GatewayError {
  return new GatewayError('invalid_field', `Line ${lineNumber}: the field "${field}" ${wanted}.`, { param: field })
}
