/** How a model is told how much to think. */
export type ThinkingControl =
  /** Named levels, lowest first (Gemini 3 and later). Thinking cannot be switched off. */
  | { readonly kind: 'levels'; readonly levels: readonly ThinkingLevel[] }
  /** A budget in tokens (Gemini 2.5). `off` is true where 0 switches thinking off. */
  | { readonly kind: 'budget'; readonly least: number; readonly most: number; readonly off: boolean }
  | { readonly kind: 'none' }

export type ThinkingLevel = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH'

/** What differs between the models of one API. */
export interface ModelTraits {
  readonly thinking: ThinkingControl
  /** Function calls of the history need a thought signature. */
  readonly wantsSignatures: boolean
  /** Media may stand inside a function response. */
  readonly mediaInResponses: boolean
  /** A JSON answer may be asked for beside functions. */
  readonly jsonWithTools: boolean
  readonly takesSystemInstruction: boolean
}

const fromMinimal: readonly ThinkingLevel[] = ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH']
const fromLow: readonly ThinkingLevel[] = ['LOW', 'MEDIUM', 'HIGH']

/** Models of the 3 series whose lowest level is MINIMAL (ai.google.dev/gemini-api/docs/thinking, model catalogue of 2026-11). */
const minimalModels = /^gemini-(?:3-flash|3\.1-flash-lite|3\.5-flash|3\.6-flash|flash-latest|flash-lite-latest)/

/**
 * Traits by model id. An id of no known family counts as an older Gemini, to which nothing special is sent. `models/`
 * before the id is allowed.
 */
export function traitsOf(upstreamModel: string): ModelTraits {
  const id = upstreamModel.replace(/^.*\//, '').toLowerCase()
  const series = seriesOf(id)
  const recent = series >= 3
  return {
    thinking: thinkingOf(id, series),
    wantsSignatures: recent,
    mediaInResponses: recent,
    jsonWithTools: recent,
    takesSystemInstruction: !id.startsWith('gemma'),
  }
}

/** 2.5 for `gemini-2.5-pro`, the newest for a floating name, 0 for anything that is no Gemini. */
function seriesOf(id: string): number {
  if (/^gemini-(?:pro|flash|flash-lite)-latest$/.test(id)) return 3
  const number = /^gemini-(\d+(?:\.\d+)?)/.exec(id)?.[1]
  return number === undefined ? 0 : Number(number)
}

function thinkingOf(id: string, series: number): ThinkingControl {
  if (series >= 3) return { kind: 'levels', levels: minimalModels.test(id) ? fromMinimal : fromLow }
  if (id.startsWith('gemma-4')) return { kind: 'levels', levels: ['MINIMAL', 'HIGH'] }
  if (series !== 2.5) return { kind: 'none' }
  if (id.includes('pro')) return { kind: 'budget', least: 128, most: 32_768, off: false }
  return { kind: 'budget', least: id.includes('lite') ? 512 : 1, most: 24_576, off: true }
}
