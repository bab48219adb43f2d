import { type ReasoningEffort, reasoningEfforts } from '../../model/model-request.ts'

/** How an upstream is told how much to think. */
export type ReasoningControl =
  /** `reasoning_effort` with one of these levels. */
  | { readonly kind: 'effort'; readonly levels: readonly ReasoningEffort[] }
  /** `reasoning: {effort | max_tokens | enabled, exclude}`. */
  | { readonly kind: 'openrouter' }
  /** `thinking: {type}` and, where there are levels, `reasoning_effort`. */
  | { readonly kind: 'thinking'; readonly levels: readonly ReasoningEffort[] }
  /** `chat_template_kwargs: {enable_thinking}`. */
  | { readonly kind: 'template' }
  /** `enable_thinking` and `thinking_budget`. */
  | { readonly kind: 'budget' }
  | { readonly kind: 'none' }

/** What a model of OpenAI's takes; models of other makers have no rules. */
export interface ModelRules {
  /** Temperature, top_p, penalties, logprobs. */
  readonly sampling: 'accepted' | 'refused' | 'at-effort-none'
  readonly levels: readonly ReasoningEffort[]
  readonly stop: boolean
  /** Function tools are refused while the model thinks. */
  readonly toolsOnlyAtEffortNone: boolean
  readonly reasons: boolean
}

/** The levels from one to another, both included. */
export function efforts(lowest: ReasoningEffort, highest: ReasoningEffort): readonly ReasoningEffort[] {
  return reasoningEfforts.slice(reasoningEfforts.indexOf(lowest), reasoningEfforts.indexOf(highest) + 1)
}

const plain: ModelRules = {
  sampling: 'accepted',
  levels: [],
  stop: true,
  toolsOnlyAtEffortNone: false,
  reasons: false,
}

function thinking(
  sampling: ModelRules['sampling'],
  levels: readonly ReasoningEffort[],
  more: Partial<ModelRules> = {},
): ModelRules {
  return { ...plain, sampling, levels, reasons: true, ...more }
}

/** OpenAI's families, the first that fits counts. The names come with or without the maker before a slash. */
const families: readonly (readonly [RegExp, ModelRules])[] = [
  [/^gpt-5(?:\.\d+)?-chat/, plain],
  [/^o\d/, thinking('refused', efforts('low', 'high'), { stop: false })],
  [/^gpt-5(?:-|$)/, thinking('refused', efforts('minimal', 'high'))],
  [/^gpt-5\.1/, thinking('at-effort-none', ['none', 'low', 'medium', 'high'])],
  [
    /^gpt-5\.[6-9]/,
    thinking('at-effort-none', ['none', 'low', 'medium', 'high', 'xhigh', 'max'], { toolsOnlyAtEffortNone: true }),
  ],
  [/^gpt-5\./, thinking('at-effort-none', ['none', 'low', 'medium', 'high', 'xhigh'])],
  [/^gpt-[6-9]/, thinking('refused', efforts('low', 'max'))],
]

/** Models come from the configuration; the bound guards against a caller that makes them up. */
const mostKnown = 1_000
const known = new Map<string, ModelRules>()

/** The rules of a model by its id: asked for with every request, read once. */
export function rulesOf(model: string): ModelRules {
  const found = known.get(model)
  if (found !== undefined) return found
  const rules = readRules(model)
  if (known.size >= mostKnown) known.clear()
  known.set(model, rules)
  return rules
}

function readRules(model: string): ModelRules {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase()
  return families.find(([pattern]) => pattern.test(name))?.[1] ?? plain
}

/** How a model is told to think where that depends on the model and not on its provider alone. */
export function effortFamily(provider: string, model: string): ReasoningControl | undefined {
  const name = model.toLowerCase()
  const rules = rulesOf(model)
  if (rules.reasons && provider !== 'openrouter') return { kind: 'effort', levels: rules.levels }
  if (name.includes('gpt-oss'))
    return provider === 'openrouter' ? undefined : { kind: 'effort', levels: efforts('low', 'high') }
  return byModel.find((entry) => entry.provider === provider && entry.pattern.test(name))?.control
}

const none: ReasoningControl = { kind: 'none' }

const byModel: readonly { provider: string; pattern: RegExp; control: ReasoningControl }[] = [
  { provider: 'openai', pattern: /./, control: none },
  { provider: 'mistral', pattern: /large-4/, control: { kind: 'effort', levels: ['low', 'medium', 'high'] } },
  {
    provider: 'mistral',
    pattern: /magistral|medium-(?:3|2604|latest)|small-(?:2603|4|latest)/,
    control: { kind: 'effort', levels: ['none', 'high'] },
  },
  { provider: 'mistral', pattern: /./, control: none },
  { provider: 'groq', pattern: /qwen/, control: { kind: 'effort', levels: ['none'] } },
  { provider: 'groq', pattern: /./, control: none },
  {
    provider: 'xai',
    pattern: /grok-4\.3/,
    control: { kind: 'effort', levels: ['none', 'low', 'medium', 'high', 'xhigh'] },
  },
  {
    provider: 'xai',
    pattern: /grok-(?:4\.[5-9]|[5-9])/,
    control: { kind: 'effort', levels: ['low', 'medium', 'high', 'xhigh'] },
  },
  { provider: 'xai', pattern: /./, control: none },
  { provider: 'deepseek', pattern: /v4(?!\.1)/, control: { kind: 'thinking', levels: ['high', 'max'] } },
  { provider: 'moonshot', pattern: /k3/, control: { kind: 'effort', levels: ['low', 'high', 'max'] } },
  { provider: 'zai', pattern: /glm-5\.2/, control: { kind: 'thinking', levels: ['high', 'max'] } },
  { provider: 'zai', pattern: /glm-(?:[0-4]|5(?:\.[01])?(?:-|$))/, control: { kind: 'thinking', levels: [] } },
]
