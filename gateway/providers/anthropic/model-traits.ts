import type { Deployment } from '../../config/gateway-config.ts'
import type { ReasoningEffort } from '../../model/model-request.ts'

/** How a model of this wire thinks. */
export type ThinkingForm =
  /** Thinks always; `adaptive` is the only form and cannot be switched off. */
  | 'always'
  /** `adaptive` or off; the budget form is refused. */
  | 'adaptive'
  /** `adaptive`, `enabled` with a budget, or off. */
  | 'adaptive-or-budget'
  /** `enabled` with a budget, or off. */
  | 'budget'
  | 'none'

/** What a model of this wire accepts. */
export interface ModelTraits {
  /** False for models of other makers that speak this wire: nothing is known of them. */
  readonly known: boolean
  readonly thinking: ThinkingForm
  /** Levels of `output_config.effort`; empty where the field is refused. */
  readonly efforts: readonly ReasoningEffort[]
  /** Whether `temperature`, `top_p` and `top_k` mean anything. */
  readonly sampling: boolean
  readonly maxOutputTokens: number
  /** `output_config.format`. */
  readonly structuredOutput: boolean
  /** `role: system` inside `messages`. */
  readonly lateSystem: boolean
  /** A last message of the assistant, to be continued. */
  readonly prefill: boolean
}

const lowToHigh: readonly ReasoningEffort[] = ['low', 'medium', 'high']
const lowToHighAndMax: readonly ReasoningEffort[] = [...lowToHigh, 'max']
const lowToMax: readonly ReasoningEffort[] = [...lowToHigh, 'xhigh', 'max']

/** For a model of another maker: the oldest form of the wire, which all of them speak. */
const foreign: ModelTraits = {
  known: false,
  thinking: 'budget',
  efforts: [],
  sampling: true,
  maxOutputTokens: 8_192,
  structuredOutput: false,
  lateSystem: false,
  prefill: true,
}

/** The traits of a deployment's model; its configured output limit wins over the model's own. */
export function traitsOf(deployment: Deployment): ModelTraits {
  const traits = traitsOfModel(deployment.baseModel ?? deployment.upstreamModel)
  return deployment.maxOutputTokens === undefined ? traits : { ...traits, maxOutputTokens: deployment.maxOutputTokens }
}

/**
 * Reads a model id (`claude-opus-4-8`, `anthropic/claude-haiku-4.5-20251001`, `claude-3-5-sonnet-20241022`) to what
 * that model accepts. A newer model than is known here counts as the newest of its family.
 */
export function traitsOfModel(id: string): ModelTraits {
  const name = id.toLowerCase().replaceAll('.', '-')
  const modern = /claude-(opus|sonnet|haiku|fable)-(\d{1,2})(?!\d)(?:-(\d{1,2})(?!\d))?/.exec(name)
  if (modern !== null) return modernTraits(modern[1] ?? '', Number(modern[2]), Number(modern[3] ?? 0))
  const old = /claude-(\d)(?:-(\d{1,2})(?!\d))?/.exec(name)
  return old === null ? foreign : oldTraits(Number(old[1]), Number(old[2] ?? 0))
}

function modernTraits(family: string, major: number, minor: number): ModelTraits {
  const version = major * 100 + minor
  const newest = family === 'fable' || version > 406
  return {
    known: true,
    thinking: thinkingForm(family, version),
    efforts: effortLevels(family, version),
    sampling: !newest,
    maxOutputTokens: outputLimit(family, version),
    structuredOutput: version >= 405 || (family === 'opus' && version === 401),
    lateSystem: newest,
    prefill: !(newest || version === 406),
  }
}

function thinkingForm(family: string, version: number): ThinkingForm {
  if (family === 'fable') return 'always'
  if (version >= 505) return family === 'haiku' ? 'adaptive' : 'always'
  if (version > 406) return 'adaptive'
  return version === 406 ? 'adaptive-or-budget' : 'budget'
}

function effortLevels(family: string, version: number): readonly ReasoningEffort[] {
  if (family === 'fable' || version > 406) return lowToMax
  if (version === 406) return lowToHighAndMax
  return family === 'opus' && version === 405 ? lowToHigh : []
}

/** Sources disagree on sonnet 4.6 (64,000 or 128,000): the lower one is accepted in either case. */
function outputLimit(family: string, version: number): number {
  if (family === 'fable' || version > 406 || (version === 406 && family !== 'sonnet')) return 128_000
  if (version >= 405 || family !== 'opus') return 64_000
  return 32_000
}

function oldTraits(major: number, minor: number): ModelTraits {
  const base = { ...foreign, known: true }
  if (major === 3 && minor === 7) return { ...base, maxOutputTokens: 64_000 }
  return { ...base, thinking: 'none', maxOutputTokens: major === 3 && minor === 5 ? 8_192 : 4_096 }
}
