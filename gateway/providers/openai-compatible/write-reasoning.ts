import type { JsonObject } from '../../model/json.ts'
import { type ReasoningEffort, reasoningEfforts, type ReasoningWish } from '../../model/model-request.ts'
import { drop, type Translation } from './translation.ts'
import { forcedWithoutThinking } from './write-tools.ts'

/** How much to think, as fields of the body; nothing when the client did not say. */
export function writeReasoning(translation: Translation): JsonObject {
  const { quirks, warnings, request, rules, deployment } = translation
  const wish = wishOf(translation)
  if (
    rules.toolsOnlyAtEffortNone &&
    deployment.provider !== 'openrouter' &&
    request.tools.some((tool) => tool.type !== 'hosted')
  ) {
    if (wish === undefined || effortOf(wish) !== 'none') {
      warnings.add('reasoning was set to none: this model takes no tools with it on chat completions')
    }
    return { reasoning_effort: 'none' }
  }
  if (wish === undefined) return {}
  switch (quirks.reasoning.kind) {
    case 'effort':
      return writeEffort(translation, wish, quirks.reasoning.levels)
    case 'thinking':
      return writeThinking(translation, wish, quirks.reasoning.levels)
    case 'openrouter':
      return { reasoning: openRouterReasoning(wish) }
    case 'template':
      return { chat_template_kwargs: { enable_thinking: effortOf(wish) !== 'none' } }
    case 'budget':
      return effortOf(wish) === 'none'
        ? { enable_thinking: false }
        : { enable_thinking: true, ...(wish.budgetTokens === undefined ? {} : { thinking_budget: wish.budgetTokens }) }
    case 'none':
      if (effortOf(wish) !== 'none' && hasAmount(wish)) drop(translation, 'reasoning effort')
      return {}
  }
}

/** DeepSeek refuses a forced call while thinking: the call was asked for, so thinking gives way. */
function wishOf(translation: Translation): ReasoningWish | undefined {
  const { request, warnings } = translation
  const mode = request.toolChoice?.mode
  if ((mode === 'required' || mode === 'named') && request.tools.length > 0 && forcedWithoutThinking(translation)) {
    if (request.reasoning?.effort !== 'none')
      warnings.add('thinking was switched off: it allows no forced tool call here')
    return { effort: 'none' }
  }
  return request.reasoning
}

function hasAmount(wish: ReasoningWish): boolean {
  return wish.effort !== undefined || wish.budgetTokens !== undefined
}

function writeEffort(translation: Translation, wish: ReasoningWish, levels: readonly ReasoningEffort[]): JsonObject {
  const effort = chosenEffort(translation, wish, levels)
  return effort === undefined ? {} : { reasoning_effort: effort }
}

function writeThinking(translation: Translation, wish: ReasoningWish, levels: readonly ReasoningEffort[]): JsonObject {
  if (effortOf(wish) === 'none') return { thinking: { type: 'disabled' } }
  const effort = levels.length === 0 ? undefined : chosenEffort(translation, wish, levels)
  return { thinking: { type: 'enabled' }, ...(effort === undefined ? {} : { reasoning_effort: effort }) }
}

function openRouterReasoning(wish: ReasoningWish): JsonObject {
  const exclude: JsonObject = wish.visible === false ? { exclude: true } : {}
  if (wish.budgetTokens !== undefined && wish.budgetTokens > 0) return { max_tokens: wish.budgetTokens, ...exclude }
  const effort = effortOf(wish)
  return effort === undefined ? { enabled: true, ...exclude } : { effort, ...exclude }
}

/** The wanted level, or the nearest lower one that the model has, or its lowest. */
function chosenEffort(
  { warnings, deployment }: Translation,
  wish: ReasoningWish,
  levels: readonly ReasoningEffort[],
): ReasoningEffort | undefined {
  const wanted = effortOf(wish)
  if (wanted === undefined) return undefined
  if (wish.effort === undefined) warnings.add('a reasoning budget in tokens was sent as an effort')
  const place = reasoningEfforts.indexOf(wanted)
  const below = levels.filter((level) => reasoningEfforts.indexOf(level) <= place)
  const thinks = below.filter((level) => level !== 'none')
  // Thinking that was asked for is not switched off for want of a low level.
  const chosen =
    wanted === 'none' ? (below.at(-1) ?? levels[0]) : (thinks.at(-1) ?? levels.find((level) => level !== 'none'))
  if (chosen !== wanted) {
    warnings.add(`reasoning effort ${wanted} became ${chosen ?? 'unset'}: ${deployment.upstreamModel} does not have it`)
  }
  return chosen
}

/** Upper bounds of a budget in tokens for each effort. */
const budgets: readonly (readonly [number, ReasoningEffort])[] = [
  [0, 'none'],
  [1_024, 'minimal'],
  [4_096, 'low'],
  [12_288, 'medium'],
  [24_576, 'high'],
  [32_768, 'xhigh'],
]

/** The effort of a wish; undefined when it leaves the amount to the model. */
export function effortOf(wish: ReasoningWish): ReasoningEffort | undefined {
  const { effort, budgetTokens } = wish
  if (effort !== undefined || budgetTokens === undefined || budgetTokens < 0) return effort
  return budgets.find(([most]) => budgetTokens <= most)?.[1] ?? 'max'
}
