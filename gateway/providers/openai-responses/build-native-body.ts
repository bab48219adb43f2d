import { GatewayError } from '../../model/errors.ts'
import { controlFields, forbiddenFields } from '../../model/gateway-fields.ts'
import { isJsonObject, type JsonValue } from '../../model/json.ts'
import { scanTopLevelFields } from '../../model/json-fields.ts'
import { rewriteFields } from '../../model/rewrite-fields.ts'
import { unsealState } from '../../model/sealed-state.ts'
import type { NativeCall } from '../provider.ts'
import { responsesDefaults, withDefault } from './default-fields.ts'
import { unsupported } from './refuse.ts'

export interface NativeBody {
  readonly bytes: Buffer
  readonly warnings: readonly string[]
}

/** Telemetry of Codex: turn ids and local paths, which are nobody's business upstream. */
const privateFields: ReadonlySet<string> = new Set(['client_metadata'])

/**
 * The client's bytes with the model's name replaced, control fields taken out and the deployment's defaults added;
 * everything else keeps its bytes. Reasoning that another upstream made and we had sealed is left out of `input`.
 *
 * @throws GatewayError `unsupported_field` for state that only one upstream would hold and a gateway cannot
 */
export function buildNativeBody(call: NativeCall): NativeBody {
  refuseHeldState(call)
  const edits = { remove: new Set<string>(), replace: new Map<string, string>(), add: new Map<string, string>() }
  const warnings: string[] = []
  const drop = (key: string, why: string): void => {
    edits.remove.add(key)
    warnings.push(`dropped ${key}: ${why}`)
  }
  const { deployment } = call
  for (const key of call.fields.keys()) {
    if (controlFields.has(key) || privateFields.has(key)) edits.remove.add(key)
    else if (forbiddenFields.has(key)) drop(key, 'a request may not set it')
    else if (deployment.refusedFields.includes(key)) drop(key, `${deployment.provider} does not accept it`)
  }
  takeOutTags(call, edits)
  addDefaults(call, edits)
  takeOutSealedReasoning(call, edits.replace)
  edits.replace.set('model', JSON.stringify(deployment.upstreamModel))
  return { bytes: rewriteFields(call.body, call.fields, edits), warnings }
}

interface Edits {
  readonly remove: Set<string>
  readonly replace: Map<string, string>
  readonly add: Map<string, string>
}

function refuseHeldState(call: NativeCall): void {
  for (const field of ['previous_response_id', 'conversation']) {
    const value = readField(call, field)
    if (value !== undefined && value !== null) {
      throw unsupported('Signalbox', field, 'no conversation is held here. Send the whole history in "input".')
    }
  }
  if (readField(call, 'background') === true) {
    throw unsupported('Signalbox', 'background', 'answers are not kept to be fetched later. Leave it out.')
  }
}

function takeOutTags(call: NativeCall, edits: Edits): void {
  const span = call.fields.get('metadata')
  if (span === undefined) return
  const bytes = call.body.subarray(span.valueStart, span.valueEnd)
  if (bytes[0] !== 0x7b) return
  const inner = scanTopLevelFields(bytes)
  if (!inner.has('tags')) return
  if (inner.size === 1) edits.remove.add('metadata')
  const rest = rewriteFields(bytes, inner, { remove: new Set(['tags']), replace: new Map(), add: new Map() })
  edits.replace.set('metadata', rest.toString('utf8'))
}

function addDefaults(call: NativeCall, edits: Edits): void {
  for (const [key, value] of Object.entries(responsesDefaults(call.defaults))) {
    if (call.deployment.refusedFields.includes(key)) continue
    if (!call.fields.has(key)) edits.add.set(key, JSON.stringify(value))
    else if (isJsonObject(value)) edits.replace.set(key, JSON.stringify(withDefault(readField(call, key), value)))
  }
}

/** What `sealState` writes begins like this, so a body without it needs no parsing. */
const sealMark = '"sbx1.'

function takeOutSealedReasoning(call: NativeCall, replace: Map<string, string>): void {
  if (!call.body.includes(sealMark)) return
  const input = readField(call, 'input')
  if (!Array.isArray(input)) return
  const kept = input.filter((item) => !isSealed(item))
  if (kept.length === input.length) return
  try {
    replace.set('input', JSON.stringify(kept))
  } catch (cause) {
    throw new GatewayError('invalid_field', 'The field "input" is nested too deeply.', { param: 'input', cause })
  }
}

function isSealed(item: JsonValue): boolean {
  return (
    isJsonObject(item) &&
    typeof item.encrypted_content === 'string' &&
    unsealState(item.encrypted_content) !== undefined
  )
}

function readField(call: NativeCall, key: string): JsonValue | undefined {
  const span = call.fields.get(key)
  if (span === undefined) return undefined
  return JSON.parse(call.body.toString('utf8', span.valueStart, span.valueEnd)) as JsonValue
}
