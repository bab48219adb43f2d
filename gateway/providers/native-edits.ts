import { controlFields, forbiddenFields } from '../model/gateway-fields.ts'
import { scanTopLevelFields } from '../model/json-fields.ts'
import { type FieldEdits, rewriteFields } from '../model/rewrite-fields.ts'
import type { NativeCall } from './provider.ts'

const openBrace = 0x7b

/** What every wire does to a body in its own dialect; each adds its own edits. `rewriteFields` carries them out. */
export class NativeEdits implements FieldEdits {
  readonly remove = new Set<string>()
  readonly replace = new Map<string, string>()
  readonly add = new Map<string, string>()
  readonly warnings: string[] = []
  protected readonly call: NativeCall

  constructor(call: NativeCall) {
    this.call = call
  }

  /**
   * Fields that do not go upstream: those for the gateway, those that no request may set, those that this upstream refuses.
   * `alsoSilently` names more that are nobody's loss on this wire.
   */
  takeOutFields(alsoSilently?: ReadonlySet<string>): void {
    const { deployment, fields } = this.call
    for (const key of fields.keys()) {
      if (controlFields.has(key) || alsoSilently?.has(key) === true) this.remove.add(key)
      else if (forbiddenFields.has(key)) this.dropWithWarning(key, 'a request may not set it')
      else if (deployment.refusedFields.includes(key)) {
        this.dropWithWarning(key, `${deployment.provider} does not accept it`)
      }
    }
  }

  /** LiteLLM's tags; what else stands in the metadata keeps its bytes. */
  takeOutMetadataTags(): void {
    const span = this.call.fields.get('metadata')
    if (span === undefined || this.call.body[span.valueStart] !== openBrace) return
    const bytes = this.call.body.subarray(span.valueStart, span.valueEnd)
    const fields = scanTopLevelFields(bytes)
    if (!fields.has('tags')) return
    if (fields.size === 1) this.remove.add('metadata')
    else {
      const edits = { remove: new Set(['tags']), replace: new Map<string, string>(), add: new Map<string, string>() }
      this.replace.set('metadata', rewriteFields(bytes, fields, edits).toString())
    }
  }

  protected dropWithWarning(key: string, why: string): void {
    this.remove.add(key)
    this.warnings.push(`dropped ${key}: ${why}`)
  }
}
