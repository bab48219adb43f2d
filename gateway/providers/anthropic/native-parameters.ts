import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { reasoningEfforts, type ReasoningEffort } from '../../model/model-request.ts'
import type { ModelTraits } from './model-traits.ts'
import { budgetOfEffort, effortOfBudget, nearestEffort } from './thinking.ts'

/** The top-level fields of a request that depend on the model. */
export type Parameters = Readonly<Record<string, JsonValue | undefined>>

export const parameterNames = [
  'max_tokens',
  'thinking',
  'output_config',
  'temperature',
  'top_p',
  'top_k',
  'context_management',
] as const

/** New values by field; undefined takes a field out. */
export interface ParameterEdits {
  readonly edits: Map<string, JsonValue | undefined>
  readonly warnings: string[]
}

/**
 * Fits the fields of a request to the model that will answer it. A client behind a router does not know that model: Claude
 * Code sends a name it does not know the newest forms, which older models refuse. Nothing changes for a model that is
 * not known here, nor where the model takes what was sent.
 *
 * @param mayThink false where the history no longer allows thinking with a budget
 */
export function adaptParameters(traits: ModelTraits, sent: Parameters, mayThink: boolean): ParameterEdits {
  const edits = new Map<string, JsonValue | undefined>()
  const warnings: string[] = []
  if (!traits.known) return { edits, warnings }
  const limit = outputLimit(traits, sent.max_tokens, edits, warnings)
  const thinking = adaptThinking(traits, sent, limit, mayThink)
  if (thinking.changed) {
    edits.set('thinking', thinking.value)
    warnings.push(`changed thinking to a form that the model takes: ${formOf(thinking.value)}`)
    const isOff = thinking.value === undefined || thinking.value.type === 'disabled'
    if (isOff && sent.context_management !== undefined && traits.thinking !== 'always') {
      // Rules about thinking blocks are refused without thinking.
      edits.set('context_management', undefined)
    }
  }
  adaptEffort(traits, sent.output_config, thinking.effort, edits, warnings)
  if (!traits.sampling) dropSampling(sent, edits, warnings)
  return { edits, warnings }
}

function formOf(thinking: JsonObject | undefined): string {
  return typeof thinking?.type === 'string' ? thinking.type : 'none'
}

function outputLimit(
  traits: ModelTraits,
  sent: JsonValue | undefined,
  edits: Map<string, JsonValue | undefined>,
  warnings: string[],
): number {
  if (typeof sent !== 'number') {
    if (sent === undefined) edits.set('max_tokens', traits.maxOutputTokens)
    return traits.maxOutputTokens
  }
  if (sent <= traits.maxOutputTokens) return sent
  edits.set('max_tokens', traits.maxOutputTokens)
  warnings.push(`lowered max_tokens from ${sent} to ${traits.maxOutputTokens}: the model's own limit`)
  return traits.maxOutputTokens
}

interface AdaptedThinking {
  readonly changed: boolean
  readonly value: JsonObject | undefined
  /** A level that stands for a budget which could not be sent. */
  readonly effort?: ReasoningEffort
}

function adaptThinking(traits: ModelTraits, sent: Parameters, limit: number, mayThink: boolean): AdaptedThinking {
  const { thinking } = sent
  if (!isJsonObject(thinking)) return { changed: false, value: undefined }
  const form = traits.thinking
  if (form === 'none') return { changed: true, value: undefined }
  if (thinking.type === 'disabled') return { changed: form === 'always', value: undefined }
  const display: JsonObject = thinking.display === undefined ? {} : { display: thinking.display }
  if (thinking.type === 'enabled' && (form === 'always' || form === 'adaptive')) {
    const budget = typeof thinking.budget_tokens === 'number' ? thinking.budget_tokens : 8_192
    return { changed: true, value: { type: 'adaptive', ...display }, effort: effortOfBudget(budget) }
  }
  if (form !== 'budget' && thinking.type !== 'enabled') return { changed: false, value: thinking }
  if (!mayThink) return { changed: true, value: { type: 'disabled' } }
  if (thinking.type === 'enabled') return boundedBudget(thinking, limit)
  const budget = Math.min(budgetOfEffort(effortIn(sent.output_config) ?? 'medium', limit), limit - 1)
  if (budget < 1_024) return { changed: true, value: undefined }
  // Other ways of showing thinking came with the adaptive form.
  return { changed: true, value: { type: 'enabled', budget_tokens: budget } }
}

/** A budget must stay below the output limit, which may have been lowered. */
function boundedBudget(thinking: JsonObject, limit: number): AdaptedThinking {
  const budget = thinking.budget_tokens
  if (typeof budget !== 'number' || budget < limit || limit <= 1_024) return { changed: false, value: thinking }
  return { changed: true, value: { ...thinking, budget_tokens: limit - 1 } }
}

function adaptEffort(
  traits: ModelTraits,
  sent: JsonValue | undefined,
  fromBudget: ReasoningEffort | undefined,
  edits: Map<string, JsonValue | undefined>,
  warnings: string[],
): void {
  const config = isJsonObject(sent) ? sent : {}
  const wanted = effortIn(config) ?? fromBudget
  if (wanted === undefined) return
  const effort = nearestEffort(traits.efforts, wanted)
  if (effort === config.effort) return
  const { effort: _effort, ...rest } = config
  const changed: JsonObject = effort === undefined ? rest : { ...rest, effort }
  edits.set('output_config', Object.keys(changed).length === 0 ? undefined : changed)
  if (fromBudget === undefined) warnings.push(`asked for effort ${effort ?? 'of its own'} in place of ${wanted}`)
}

function effortIn(config: JsonValue | undefined): ReasoningEffort | undefined {
  const effort = isJsonObject(config) ? config.effort : undefined
  return reasoningEfforts.find((level) => level === effort)
}

function dropSampling(sent: Parameters, edits: Map<string, JsonValue | undefined>, warnings: string[]): void {
  const isHarmless: Readonly<Record<string, (value: JsonValue) => boolean>> = {
    temperature: (value) => value === 1,
    top_p: (value) => typeof value === 'number' && value >= 0.99,
    top_k: () => false,
  }
  for (const [name, test] of Object.entries(isHarmless)) {
    const value = sent[name]
    if (value === undefined || value === null || test(value)) continue
    edits.set(name, undefined)
    warnings.push(`dropped ${name}: the model does not accept it`)
  }
}
