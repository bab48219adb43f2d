import type { Deployment } from '../config/gateway-config.ts'
import type { ModelTraits, TraitsLookup } from '../config/models/model-traits.ts'
import type { AgentModel } from '../contract/agents.ts'
import { tiers } from '../model/tier.ts'
import { listModels, listRoles } from './list-models.ts'
import type { RoutingSnapshot } from './plan-types.ts'
import { resolveModel } from './resolve-model.ts'

type Cost = NonNullable<AgentModel['cost']>

export interface FactSources {
  /** What the providers say of a model; the config says more and goes before. */
  readonly traits: TraitsLookup
  /** USD per million tokens; undefined = unknown. */
  readonly costOf: (deployment: Deployment) => Cost | undefined
}

/**
 * Everything agents may be told of, in the order of `/v1/models`, then roles and categories, which their exports name
 * whether they are listed or not: names with a `*` and models that do not chat are not for them.
 */
export function agentModels(snapshot: RoutingSnapshot, sources: FactSources): AgentModel[] {
  const listed = listModels(snapshot)
  const more = listRoles(snapshot).filter(({ name }) => !listed.some((one) => one.name === name))
  return [...listed, ...more]
    .filter(({ name }) => !name.includes('*'))
    .flatMap(({ name, kind }) => {
      const facts = deploymentsOf(name, snapshot)
        .filter(chats)
        .map((deployment) => factsOf(deployment, sources))
      const isRole = snapshot.config.roles?.has(name) === true
      return facts.length === 0 && kind !== 'router' && !isRole ? [] : [{ name, kind, ...together(facts) }]
    })
}

function deploymentsOf(name: string, snapshot: RoutingSnapshot): readonly Deployment[] {
  const target = resolveModel(name, snapshot)
  if (target === undefined) return []
  if (target.kind === 'group' && target.deployments.length === 0) {
    // A role whose model is not there: its fallbacks answer.
    return (target.role?.fallbacks ?? []).flatMap((fallback) => deploymentsOf(fallback, snapshot))
  }
  if (target.kind === 'group') return target.deployments
  if (target.kind === 'deployment') return [target.deployment]
  const models = tiers.flatMap((tier) => (target.router.tiers[tier] ?? []).map(({ model }) => model))
  return [...new Set(models)].flatMap((model) => (model === name ? [] : deploymentsOf(model, snapshot)))
}

function chats({ modelInfo }: Deployment): boolean {
  const { mode } = modelInfo
  return mode === undefined || mode === 'chat' || mode === 'responses' || mode === 'completion'
}

type Facts = Omit<AgentModel, 'name' | 'kind'>

function factsOf(deployment: Deployment, { traits, costOf }: FactSources): Facts {
  const known = traits(deployment.baseModel ?? deployment.upstreamModel)
  const { modelInfo, contextWindow, totalWindow, maxOutputTokens } = deployment
  return {
    contextWindow: totalWindow ?? contextWindow ?? known?.context ?? null,
    maxInputTokens: contextWindow ?? known?.input ?? null,
    maxOutputTokens: maxOutputTokens ?? known?.output ?? null,
    input: modalities(modelInfo, known),
    tools: modelInfo['supports_function_calling'] !== false,
    reasoning: flag(modelInfo['supports_reasoning']) ?? known?.reasoning ?? false,
    efforts: [...(known?.efforts ?? [])],
    cost: costOf(deployment) ?? null,
  }
}

/** The names under which `model_info` says what a model reads. */
const inputFlags = [
  ['image', 'supports_vision'],
  ['audio', 'supports_audio_input'],
  ['video', 'supports_video_input'],
  ['pdf', 'supports_pdf_input'],
] as const

function modalities(info: Deployment['modelInfo'], known: ModelTraits | undefined): AgentModel['input'] {
  const more = inputFlags
    .filter(([modality, name]) => flag(info[name]) ?? known?.reads.includes(modality) ?? false)
    .map(([modality]) => modality)
  return ['text', ...more]
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** What every one of several deployments can do: any of them may get the request. */
function together(all: readonly Facts[]): Facts {
  const [first] = all
  const shared = <Item>(lists: readonly (readonly Item[])[]): Item[] =>
    (lists[0] ?? []).filter((item) => lists.every((list) => list.includes(item)))
  return {
    contextWindow: smallest(all.map(({ contextWindow }) => contextWindow)),
    maxInputTokens: smallest(all.map(({ maxInputTokens }) => maxInputTokens)),
    maxOutputTokens: smallest(all.map(({ maxOutputTokens }) => maxOutputTokens)),
    input: first === undefined ? ['text'] : shared(all.map(({ input }) => input)),
    tools: all.every(({ tools }) => tools),
    // Thinking levels that some model lacks are dropped on the way; asking for them is worth it if one has them.
    reasoning: all.some(({ reasoning }) => reasoning),
    efforts: shared(all.filter(({ reasoning }) => reasoning).map(({ efforts }) => efforts)),
    cost: highest(all.map(({ cost }) => cost)),
  }
}

/** Of what is known. */
function smallest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** Null where one of them is not known: the highest may be that one. */
function highest(costs: readonly (Cost | null)[]): Cost | null {
  const known = costs.filter((cost) => cost !== null)
  if (known.length === 0 || known.length < costs.length) return null
  const most = (part: keyof Cost) => Math.max(...known.map((cost) => cost[part]))
  return { input: most('input'), output: most('output'), cacheRead: most('cacheRead'), cacheWrite: most('cacheWrite') }
}
