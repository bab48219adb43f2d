import { type FieldSpan, scanTopLevelFields } from '../../model/json-fields.ts'
import { type FieldEdits, rewriteFields } from '../../model/rewrite-fields.ts'
import { NativeEdits } from '../native-edits.ts'
import type { NativeCall } from '../provider.ts'
import { messagesWithoutSealedState } from './foreign-state.ts'

export interface ChatBody {
  readonly bytes: Buffer
  readonly warnings: readonly string[]
  /** True when we asked for the usage chunk and the client did not. */
  readonly withholdUsage: boolean
}

/**
 * Builds the upstream's body out of the client's bytes: the model's name replaced, control fields taken out, fields that
 * the upstream knows by another name renamed, the deployment's defaults and (in streams) the wish for usage added. Everything else keeps its bytes.
 */
export function buildChatBody(call: NativeCall): ChatBody {
  const edits = new BodyEdits(call)
  edits.takeOutFields()
  edits.renameFields()
  edits.takeOutMetadataTags()
  edits.takeOutForeignState()
  edits.addDefaults()
  const withholdUsage = call.stream && edits.askForUsage()
  edits.replace.set('model', JSON.stringify(call.deployment.upstreamModel))
  return { bytes: rewriteFields(call.body, call.fields, edits), warnings: edits.warnings, withholdUsage }
}

/** The two spellings of one limit: a default for one must not meet the client's other. */
const sameField: Readonly<Record<string, string>> = {
  max_tokens: 'max_completion_tokens',
  max_completion_tokens: 'max_tokens',
}

const openBrace = 0x7b

interface ObjectBytes {
  readonly bytes: Buffer
  readonly fields: ReadonlyMap<string, FieldSpan>
}

const emptyObject: ObjectBytes = { bytes: Buffer.from('{}'), fields: new Map() }

class BodyEdits extends NativeEdits {
  /** The value keeps its bytes. Where the client sent both names, the upstream's own one stays. */
  renameFields(): void {
    const { body, deployment, fields } = this.call
    for (const [name, theirs] of Object.entries(deployment.renamedFields)) {
      const span = fields.get(name)
      if (span === undefined || this.remove.has(name)) continue
      if (fields.has(theirs)) this.dropWithWarning(name, `${theirs} is sent already`)
      else if (deployment.refusedFields.includes(theirs)) {
        this.dropWithWarning(name, `${deployment.provider} does not accept it`)
      } else {
        this.remove.add(name)
        this.add.set(theirs, body.toString('utf8', span.valueStart, span.valueEnd))
      }
    }
  }

  takeOutForeignState(): void {
    const messages = messagesWithoutSealedState(this.call)
    if (messages !== undefined) this.replace.set('messages', messages)
  }

  addDefaults(): void {
    const { defaults, fields, deployment } = this.call
    for (const [key, value] of Object.entries(defaults)) {
      const twin = sameField[key]
      if (fields.has(key) || (twin !== undefined && fields.has(twin))) continue
      const name = Object.hasOwn(deployment.renamedFields, key) ? (deployment.renamedFields[key] ?? key) : key
      if (fields.has(name) || this.add.has(name) || deployment.refusedFields.includes(key)) continue
      this.add.set(name, JSON.stringify(value))
    }
  }

  /** Makes sure that a stream reports usage; true when the client had not asked for it. */
  askForUsage(): boolean {
    if (!this.call.deployment.acceptsStreamOptions) {
      // Such an upstream reports usage by itself, so nothing is lost by leaving the field out.
      if (this.call.fields.has('stream_options')) this.remove.add('stream_options')
      return false
    }
    const options = this.#objectIn('stream_options')
    const include = options?.fields.get('include_usage')
    if (include !== undefined && options?.bytes.toString('utf8', include.valueStart, include.valueEnd) === 'true') {
      return false
    }
    const wish = new Map([['include_usage', 'true']])
    const wanted = rewritten(options ?? emptyObject, include === undefined ? { add: wish } : { replace: wish })
    if (this.call.fields.has('stream_options')) this.replace.set('stream_options', wanted)
    else this.add.set('stream_options', wanted)
    return true
  }

  /** The object in a field of the body, to be edited like the body itself; undefined when it holds none. */
  #objectIn(key: string): ObjectBytes | undefined {
    const span = this.call.fields.get(key)
    if (span === undefined || this.call.body[span.valueStart] !== openBrace) return undefined
    const bytes = this.call.body.subarray(span.valueStart, span.valueEnd)
    return { bytes, fields: scanTopLevelFields(bytes) }
  }
}

/** Edits below the top level keep the rest of the bytes too: numbers in them may be more exact than JavaScript's. */
function rewritten({ bytes, fields }: ObjectBytes, edits: Partial<FieldEdits>): string {
  return rewriteFields(bytes, fields, { remove: new Set(), replace: new Map(), add: new Map(), ...edits }).toString()
}
