import { reasoningEfforts, type ReasoningEffort } from '../../model/model-request.ts'

/** What OpenAI's models accept, told by their name. Undefined efforts: nothing is known, so everything goes through. */
export interface ModelRules {
  readonly reasons: boolean | undefined
  /** Accepted efforts from low to high; empty for a model that does not reason. */
  readonly efforts: readonly ReasoningEffort[] | undefined
  /** When temperature, top_p and logprobs are accepted. */
  readonly sampling: 'always' | 'without-reasoning' | 'never'
  /** Explicit prompt-cache breakpoints on parts. */
  readonly cacheMarks: boolean
}

const unknownModel: ModelRules = { reasons: undefined, efforts: undefined, sampling: 'always', cacheMarks: false }
const plainModel: ModelRules = { reasons: false, efforts: [], sampling: 'always', cacheMarks: false }

/** Rows of OpenAI's model documentation as of 2026-11; the first match counts. */
const families: readonly { readonly name: RegExp; readonly rules: ModelRules }[] = [
  { name: /^(?:gpt-[34]|chatgpt|gpt-5[\d.]*-chat|chat-latest)/, rules: plainModel },
  { name: /^o\d/, rules: reasoning('low', 'high', 'never') },
  { name: /^gpt-5(?![.\d])/, rules: reasoning('minimal', 'high', 'never') },
  { name: /^gpt-5\.1(?!\d)/, rules: { ...reasoning('none', 'high', 'without-reasoning') } },
  { name: /^gpt-5\.[2-5](?!\d)/, rules: reasoning('none', 'xhigh', 'without-reasoning') },
  { name: /^gpt-5\.\d/, rules: { ...reasoning('none', 'max', 'without-reasoning'), cacheMarks: true } },
  { name: /^gpt-[6-9]/, rules: { ...reasoning('low', 'max', 'never'), cacheMarks: true } },
]

function reasoning(lowest: ReasoningEffort, highest: ReasoningEffort, sampling: ModelRules['sampling']): ModelRules {
  const efforts = reasoningEfforts.slice(reasoningEfforts.indexOf(lowest), reasoningEfforts.indexOf(highest) + 1)
  // `minimal` came with gpt-5 and left with gpt-5.1.
  const kept = lowest === 'none' ? efforts.filter((effort) => effort !== 'minimal') : efforts
  return { reasons: true, efforts: kept, sampling, cacheMarks: false }
}

/** The rules of a model, whose name may carry a vendor's prefix (`openai/gpt-5.5`). */
export function modelRules(model: string): ModelRules {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase()
  return families.find((family) => family.name.test(name))?.rules ?? unknownModel
}

/** The accepted effort nearest below the wanted one, else the lowest. Undefined where the model takes none. */
export function nearestEffort(rules: ModelRules, wanted: ReasoningEffort): ReasoningEffort | undefined {
  if (rules.efforts === undefined) return wanted
  const height = reasoningEfforts.indexOf(wanted)
  return rules.efforts.findLast((effort) => reasoningEfforts.indexOf(effort) <= height) ?? rules.efforts[0]
}

/** The effort that stands for a thinking budget in tokens, by the lower ends of the usual ranges. */
export function effortOfBudget(budgetTokens: number): ReasoningEffort {
  if (budgetTokens <= 0) return 'none'
  if (budgetTokens < 2_000) return 'minimal'
  if (budgetTokens < 8_000) return 'low'
  if (budgetTokens < 16_000) return 'medium'
  // 31 999 is what coding agents ask for at their highest setting.
  return budgetTokens < 31_999 ? 'high' : 'xhigh'
}
