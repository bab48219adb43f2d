import type { FieldSpan } from '../../model/json-fields.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { rewriteFields } from '../../model/rewrite-fields.ts'
import { jsonText } from './json-text.ts'
import { NativeEdits } from '../native-edits.ts'
import type { NativeCall } from '../provider.ts'
import { readDefaults } from './defaults.ts'
import { mayHoldSealedState, withoutSealedState } from './sealed-signatures.ts'
import { traitsOf } from './model-traits.ts'

export interface NativeBody {
  readonly bytes: Buffer
  readonly warnings: readonly string[]
}

/** Fields that stand in the URL on this wire; a body that carries them too would be refused. */
const urlFields = new Set(['model', 'stream'])

/** The snake-case spelling of the fields that defaults may set. */
const otherSpelling: Readonly<Record<string, string>> = {
  cachedContent: 'cached_content',
  generationConfig: 'generation_config',
  safetySettings: 'safety_settings',
  serviceTier: 'service_tier',
  toolConfig: 'tool_config',
}

/**
 * Builds the upstream's body out of the client's bytes: what the URL says and control fields taken out, defaults added
 * where the client said nothing. Everything else keeps its bytes.
 */
export function buildNativeBody(call: NativeCall): NativeBody {
  const { deployment, fields } = call
  const edits = new NativeEdits(call)
  edits.takeOutFields(urlFields)
  const { replace, add, warnings } = edits
  const traits = traitsOf(deployment.upstreamModel)
  const contentsSpan = fields.get('contents')
  if (contentsSpan !== undefined && mayHoldSealedState(call.body)) {
    const contents = withoutSealedState(readValue(call.body, contentsSpan), traits.wantsSignatures)
    replace.set('contents', jsonText(contents, 'contents'))
  }
  const defaults = readDefaults(call.defaults, traits, (text) => warnings.push(text))
  for (const [key, value] of Object.entries(defaults.fields)) {
    if (spellingOf(key) === undefined) add.set(key, JSON.stringify(value))
  }
  addGenerationConfig(defaults.generationConfig)
  return { bytes: rewriteFields(call.body, fields, edits), warnings }

  function spellingOf(key: string): string | undefined {
    return [key, otherSpelling[key]].find((name) => name !== undefined && fields.has(name))
  }

  function addGenerationConfig(config: JsonObject): void {
    if (Object.keys(config).length === 0) return
    const spelling = spellingOf('generationConfig')
    const span = spelling === undefined ? undefined : fields.get(spelling)
    if (spelling === undefined || span === undefined) {
      add.set('generationConfig', JSON.stringify(config))
      return
    }
    const known = readValue(call.body, span)
    if (!isJsonObject(known)) return
    const missing = Object.entries(config).filter(
      ([key]) => !Object.hasOwn(known, key) && !Object.hasOwn(known, snakeCase(key)),
    )
    if (missing.length > 0) replace.set(spelling, jsonText({ ...known, ...Object.fromEntries(missing) }, spelling))
  }
}

function readValue(body: Buffer, span: FieldSpan): JsonValue {
  return JSON.parse(body.toString('utf8', span.valueStart, span.valueEnd)) as JsonValue
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
