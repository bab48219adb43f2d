import type { JsonObject, JsonValue } from '../../model/json.ts'
import { rewriteFields } from '../../model/rewrite-fields.ts'
import { sealMark } from '../../model/sealed-state.ts'
import { NativeEdits } from '../native-edits.ts'
import type { NativeCall } from '../provider.ts'
import { parseExact } from './exact-json.ts'
import { traitsOf } from './model-traits.ts'
import { adaptMessages } from './native-messages.ts'
import { adaptParameters, parameterNames } from './native-parameters.ts'
import { writeWithinDepth } from './refusal.ts'

export interface NativeBody {
  readonly bytes: Buffer
  readonly warnings: readonly string[]
}

/**
 * Builds the upstream's body out of the client's bytes: the model's name replaced, fields for the gateway taken out, the
 * deployment's defaults added, and what this very model would refuse fitted to it. Everything else keeps its bytes,
 * beta fields included.
 */
export function buildNativeBody(call: NativeCall): NativeBody {
  return writeWithinDepth(() => build(call))
}

function build(call: NativeCall): NativeBody {
  const edits = new MessagesEdits(call)
  edits.takeOutFields()
  edits.takeOutMetadataTags()
  edits.fitToModel()
  edits.addDefaults()
  edits.set('model', call.deployment.upstreamModel)
  return { bytes: rewriteFields(call.body, call.fields, edits), warnings: edits.warnings }
}

/** Fields that the counting endpoint refuses. */
const notCounted = [
  'max_tokens',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'metadata',
  'service_tier',
]

/** The same body for the endpoint that counts tokens, which takes only what is counted. */
export function buildCountBody(call: NativeCall): NativeBody {
  return writeWithinDepth(() => {
    const edits = new MessagesEdits(call)
    edits.takeOutFields()
    edits.fitToModel()
    for (const name of notCounted) edits.set(name, undefined)
    edits.set('model', call.deployment.upstreamModel)
    return { bytes: rewriteFields(call.body, call.fields, edits), warnings: edits.warnings }
  })
}

class MessagesEdits extends NativeEdits {
  fitToModel(): void {
    const traits = traitsOf(this.call.deployment)
    const messages = this.#mayNeedMessages(traits.known && !traits.lateSystem) ? this.#read('messages') : undefined
    const adapted = Array.isArray(messages) ? adaptMessages(messages, traits) : undefined
    if (adapted !== undefined) {
      this.set('messages', adapted.messages)
      this.warnings.push(...adapted.warnings)
    }
    const sent: JsonObject = {}
    for (const name of parameterNames) {
      const value = this.#read(name) ?? this.call.defaults[name]
      if (value !== undefined) sent[name] = value
    }
    const { edits, warnings } = adaptParameters(traits, sent, adapted?.lacksThinking !== true)
    for (const [name, value] of edits) this.set(name, value)
    this.warnings.push(...warnings)
  }

  addDefaults(): void {
    const { defaults, fields, deployment } = this.call
    for (const [key, value] of Object.entries(defaults)) {
      const isSet = fields.has(key) || this.add.has(key) || this.remove.has(key)
      if (!isSet && !deployment.refusedFields.includes(key)) this.add.set(key, JSON.stringify(value))
    }
  }

  /** Gives a field a value, or takes it out. */
  set(name: string, value: JsonValue | undefined): void {
    if (value === undefined) {
      this.remove.add(name)
      this.add.delete(name)
    } else if (this.call.fields.has(name)) this.replace.set(name, JSON.stringify(value))
    else this.add.set(name, JSON.stringify(value))
  }

  /** Most histories need no change, and a search in the bytes tells. */
  #mayNeedMessages(knowsNoSystem: boolean): boolean {
    const span = this.call.fields.get('messages')
    if (span === undefined) return false
    const text = this.call.body.toString('latin1', span.valueStart, span.valueEnd)
    if (text.includes(sealMark) || /"signature"\s*:\s*""/.test(text)) return true
    return knowsNoSystem && /"role"\s*:\s*"system"/.test(text)
  }

  #read(name: string): JsonValue | undefined {
    const span = this.call.fields.get(name)
    if (span === undefined || this.remove.has(name)) return undefined
    return parseExact(this.call.body.toString('utf8', span.valueStart, span.valueEnd))
  }
}
