import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonValue } from '../../model/json.ts'
import { rewriteFields } from '../../model/rewrite-fields.ts'
import { unsealState } from '../../model/sealed-state.ts'
import { NativeEdits } from '../native-edits.ts'
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
  const edits = new NativeEdits(call)
  edits.takeOutFields(privateFields)
  edits.takeOutMetadataTags()
  addDefaults(call, edits)
  takeOutSealedReasoning(call, edits.replace)
  edits.replace.set('model', JSON.stringify(call.deployment.upstreamModel))
  return { bytes: rewriteFields(call.body, call.fields, edits), warnings: edits.warnings }
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

function addDefaults(call: NativeCall, edits: NativeEdits): void {
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
