import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { listedId } from '../model-list.ts'

/** What a model is for. */
export type ModelKind = 'chat' | 'embedding' | 'rerank' | 'image' | 'audio'

/** A model of a provider's list, as far as the provider says it; undefined = it does not say. */
export interface OfferedModel {
  readonly id: string
  readonly kind: ModelKind
  readonly vision: boolean | undefined
  readonly reasoning: boolean | undefined
  readonly tools: boolean | undefined
  /** Input tokens. */
  readonly contextWindow: number | undefined
  readonly maxOutputTokens: number | undefined
  /** The provider says that it will be or is gone: `deprecated`, a date, what takes its place. */
  readonly deprecated: string | undefined
}

/**
 * Reads one entry of a list of models: OpenRouter's and xAI's `architecture` and modalities, Mistral's and Anthropic's
 * `capabilities`, SAIA's `input` and `output` (where `thought` marks reasoning), Gemini's methods and limits, Together's
 * `type`. Where no field tells embedding and reranking models apart, their names do. Undefined for an entry without a name. Pure.
 */
export function describeModel(entry: JsonObject): OfferedModel | undefined {
  const id = listedId(entry)
  if (id === undefined) return undefined
  const inputs = modalities(entry, 'input')
  const outputs = modalities(entry, 'output')
  const kind = kindOf(id, entry, outputs)
  return {
    id,
    kind,
    vision: kind === 'chat' ? (inputs?.has('image') ?? capability(entry, 'vision', 'image_input')) : undefined,
    reasoning: kind === 'chat' ? readsReasoning(entry, outputs) : undefined,
    tools: kind === 'chat' ? readsTools(entry) : undefined,
    contextWindow: count(
      entry.context_length,
      entry.context_window,
      entry.max_context_length,
      entry.max_input_tokens,
      entry.max_model_len,
      entry.inputTokenLimit,
      part(entry.limits, 'max_context_length'),
    ),
    maxOutputTokens: count(
      part(entry.top_provider, 'max_completion_tokens'),
      entry.max_output_length,
      entry.outputTokenLimit,
      entry.max_completion_tokens,
      entry.max_output_tokens,
      entry.max_input_tokens === undefined ? undefined : entry.max_tokens,
    ),
    deprecated: deprecation(entry),
  }
}

/** The words of `input_modalities`, `architecture.input_modalities`, `input`, in small letters. */
function modalities(entry: JsonObject, side: 'input' | 'output'): ReadonlySet<string> | undefined {
  const key = `${side}_modalities`
  const list = entry[key] ?? part(entry.architecture, key) ?? part(entry.modalities, side) ?? entry[side]
  if (!Array.isArray(list)) return undefined
  const words = list.filter((word) => typeof word === 'string').map((word) => word.toLowerCase())
  return words.length === 0 ? undefined : new Set(words)
}

const embeddingName = /embed|(?:^|[-_/])(?:e5|bge|gte|minilm)(?:[-_]|$)/
const kindByType: readonly (readonly [RegExp, ModelKind])[] = [
  [/rerank/, 'rerank'],
  [/embed/, 'embedding'],
  [/^image|image_generation/, 'image'],
  [/audio|speech|transcri/, 'audio'],
]

function kindOf(id: string, entry: JsonObject, outputs: ReadonlySet<string> | undefined): ModelKind {
  const name = id.toLowerCase()
  const said = [entry.type, entry.mode, entry.task]
    .filter((word) => typeof word === 'string')
    .join(' ')
    .toLowerCase()
  const methods = entry.supportedGenerationMethods
  if (Array.isArray(methods) && !methods.includes('generateContent') && methods.includes('embedContent'))
    return 'embedding'
  for (const [pattern, kind] of kindByType) if (pattern.test(said)) return kind
  if (outputs?.has('text') === true) return 'chat'
  if (outputs?.has('embedding') === true || outputs?.has('embeddings') === true) return 'embedding'
  if (outputs?.has('image') === true) return 'image'
  if (outputs?.has('audio') === true) return 'audio'
  if (/rerank/.test(name)) return 'rerank'
  if (embeddingName.test(name)) return 'embedding'
  return /whisper|(?:^|[-_/])tts(?:[-_]|$)|transcribe/.test(name) ? 'audio' : 'chat'
}

function readsReasoning(entry: JsonObject, outputs: ReadonlySet<string> | undefined): boolean | undefined {
  if (outputs?.has('thought') === true || isJsonObject(entry.reasoning)) return true
  const supported = names(entry.supported_parameters) ?? names(entry.supported_features)
  if (supported?.some((name) => /^(?:include_)?reasoning/.test(name)) === true) return true
  const said = capability(entry, 'reasoning', 'thinking') ?? flag(entry.thinking) ?? flag(entry.reasoning)
  // SAIA lists `thought` with the models that have it: its absence in such a list means no.
  return said ?? (supported !== undefined || (outputs !== undefined && Array.isArray(entry.output)) ? false : undefined)
}

function readsTools(entry: JsonObject): boolean | undefined {
  const supported = names(entry.supported_parameters) ?? names(entry.supported_features)
  if (supported !== undefined) return supported.includes('tools')
  return capability(entry, 'function_calling', 'tools', 'tool_use')
}

/** A capability by any of its names: `true`, or a block that says `supported`; also as a word of a list. */
function capability(entry: JsonObject, ...keys: readonly string[]): boolean | undefined {
  const { capabilities } = entry
  if (Array.isArray(capabilities)) return keys.some((key) => capabilities.includes(key))
  const said = keys.map((key) => flag(part(capabilities, key))).filter((value) => value !== undefined)
  return said.length === 0 ? undefined : said.includes(true)
}

function flag(value: JsonValue | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value
  return isJsonObject(value) && typeof value.supported === 'boolean' ? value.supported : undefined
}

function deprecation(entry: JsonObject): string | undefined {
  const replacement = entry.deprecation_replacement_model
  const instead = typeof replacement === 'string' && replacement !== '' ? `, ${replacement} takes its place` : ''
  const dates = [entry.deprecation, entry.retires_at, entry.expiration_date, entry.deprecated_at]
  const date = dates.find((value) => typeof value === 'string' && value !== '')
  if (typeof date === 'string') return `deprecated ${date.slice(0, 10)}${instead}`
  return entry.deprecated === true ? `deprecated${instead}` : undefined
}

function part(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) ? value[key] : undefined
}

function names(value: JsonValue | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : undefined
}

/** The first whole positive number. */
function count(...values: readonly (JsonValue | undefined)[]): number | undefined {
  return values.find((value) => typeof value === 'number' && Number.isSafeInteger(value) && value > 0) as
    | number
    | undefined
}
