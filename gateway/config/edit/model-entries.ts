import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { YamlEdit } from './yaml-edit.ts'

/** A model to write into `model_list`. */
export interface NewModelEntry {
  readonly modelName: string
  readonly provider: string
  /** The provider's own name for it. */
  readonly upstreamModel: string
  readonly modelInfo: JsonObject
}

/** What entries of one provider share, as the file writes it: the address, the key's reference. */
const sharedParams = [
  'api_base',
  'base_url',
  'api_key',
  'custom_llm_provider',
  'extra_headers',
  'organization',
] as const

/**
 * The edits that add models to a file. `likeLine`: an entry of the same provider, whose address and key are written again
 * as they stand there (`os.environ/NAME` stays a reference); undefined = the provider's own.
 */
export function modelEntryEdits(
  text: string,
  entries: readonly NewModelEntry[],
  likeLine: number | undefined,
): YamlEdit[] {
  const shared = likeLine === undefined ? {} : paramsAt(text, likeLine)
  return entries.map(({ modelName, provider, upstreamModel, modelInfo }) => {
    const model = typeof shared.custom_llm_provider === 'string' ? upstreamModel : `${provider}/${upstreamModel}`
    const info = Object.keys(modelInfo).length === 0 ? {} : { model_info: modelInfo }
    const value: JsonObject = { model_name: modelName, litellm_params: { model, ...shared }, ...info }
    return { op: 'append', path: ['model_list'], value }
  })
}

function paramsAt(text: string, line: number): JsonObject {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' })
  const list = document.get('model_list')
  if (!isSeq(list)) return {}
  const entry = list.items.find((item) => isMap(item) && lines.linePos(item.range?.[0] ?? 0).line === line)
  const params = isMap(entry) ? entry.get('litellm_params') : undefined
  if (!isMap(params)) return {}
  const found = sharedParams.flatMap((key) => {
    const node = params.get(key, true)
    const value: JsonValue | undefined = isScalar(node) || isMap(node) ? (node.toJS(document) as JsonValue) : undefined
    return value === undefined || value === null ? [] : [[key, value] as const]
  })
  return Object.fromEntries(found)
}
