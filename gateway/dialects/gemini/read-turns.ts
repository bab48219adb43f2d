import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { Turn } from '../../model/parts.ts'
import { requireList } from '../control-fields.ts'
import { CallLedger } from './call-ledger.ts'
import { invalid, objectList, pick } from './fields.ts'
import { readParts } from './read-parts.ts'

/** The system instruction, which stands first, and the contents. @throws GatewayError naming the field */
export function readTurns(body: JsonObject): Turn[] {
  const system = readSystem(pick(body, 'systemInstruction'))
  const calls = new CallLedger()
  const contents = readContents(body).map((content, index) => readTurn(content, `contents[${index}]`, calls))
  return [...system, ...contents].filter((turn) => turn.parts.length > 0)
}

function readContents(body: JsonObject): readonly JsonObject[] {
  if (isJsonObject(body.contents)) return [body.contents]
  return objectList(requireList(body, 'contents'), 'contents')
}

function readTurn(content: JsonObject, param: string, calls: CallLedger): Turn {
  const { role } = content
  const parts = readParts(objectList(pick(content, 'parts'), `${param}.parts`), `${param}.parts`, calls)
  if (role === 'model') return { role: 'assistant', parts }
  // Results once had a role of their own; a content without a role is the user's.
  if (role === undefined || role === null || role === '' || role === 'user' || role === 'function') {
    return { role: 'user', parts }
  }
  throw invalid(`${param}.role`, '"user" or "model"')
}

/** A content, its parts, one part or a text: the service takes them all. */
function readSystem(value: JsonValue | undefined): Turn[] {
  if (value === undefined) return []
  if (typeof value === 'string') return [{ role: 'system', parts: [{ type: 'text', text: value }] }]
  const isContent = isJsonObject(value) && value.parts !== undefined
  const parts = objectList(isContent ? (value.parts ?? undefined) : value, 'systemInstruction.parts')
  return [{ role: 'system', parts: readParts(parts, 'systemInstruction.parts', new CallLedger()) }]
}
