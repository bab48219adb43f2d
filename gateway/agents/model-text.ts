import type { AgentModel } from '../contract/agents.ts'

/** Tokens an answer may have where nobody knows the model's own limit. */
const usualOutput = 32_000

/** The limits of a model as agents want them; undefined = its window is not known, and nothing is claimed. */
export function limitsOf(model: AgentModel): { readonly context: number; readonly output: number } | undefined {
  const context = model.contextWindow ?? model.maxInputTokens
  if (context === null) return undefined
  return { context, output: outputLimit(model, context) }
}

/** Never more than the half of the window, so that a conversation has room. */
function outputLimit({ maxOutputTokens }: AgentModel, context: number): number {
  return Math.min(maxOutputTokens ?? usualOutput, Math.floor(context / 2))
}

/** Input tokens beside a full answer. */
export function inputBesideOutput(model: AgentModel): number | undefined {
  const limits = limitsOf(model)
  if (limits === undefined) return undefined
  return Math.min(model.maxInputTokens ?? limits.context, limits.context - limits.output)
}

/** The smallest limits of several models, for agents that know one for all. */
export function smallestLimits(models: readonly AgentModel[]): { context: number; output: number } | undefined {
  const known = models.map(limitsOf).filter((limits) => limits !== undefined)
  if (known.length === 0) return undefined
  return {
    context: Math.min(...known.map(({ context }) => context)),
    output: Math.min(...known.map(({ output }) => output)),
  }
}

export function seesImages(model: AgentModel): boolean {
  return model.input.includes('image')
}

/** How long an agent should wait for a silent answer, in ms: a local model reads a long prompt for minutes. */
export const patienceMs = 600_000
