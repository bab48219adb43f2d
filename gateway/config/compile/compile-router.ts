import type { JsonValue } from '../../model/json.ts'
import { isTier, type Tier } from '../../model/tier.ts'
import type { RouterDefinition, TierTarget } from '../gateway-config.ts'
import type { ComplexityRouterConfig, TierModel } from '../schema/complexity-router.ts'
import type { ModelEntry } from '../schema/model-entry.ts'
import { entryOf, isEmptyNode, type SourceNode } from '../source/source-tree.ts'
import { compileComplexity, reportUnknownTier } from './compile-complexity.ts'
import { type CompileContext, locate, locateItem } from './compile-context.ts'
import { compileRequestDefaults } from './compile-request-defaults.ts'
import { type DeclaredNames, readModelReference } from './model-references.ts'

/** `litellm_params.model` of a complexity router. */
export const complexityRouterModel = 'auto_router/complexity_router'

type Where = ReturnType<typeof locate>

/** Compiles one complexity router; undefined when it cannot work, with its problems reported. */
export function compileRouter(
  entry: ModelEntry,
  declared: DeclaredNames,
  context: CompileContext,
): RouterDefinition | undefined {
  const params = entry.litellm_params
  const config = params.complexity_router_config
  const name = entry.model_name
  if (config?.tiers === undefined || Object.keys(config.tiers).length === 0) {
    // What is there and was refused has its own problem.
    const written =
      config === undefined ? entryOf(context.reader.nodeOf(params), 'complexity_router_config') : undefined
    const tiers = config === undefined ? undefined : entryOf(context.reader.nodeOf(config), 'tiers')
    if (config?.tiers === undefined && !isEmptyNode((written ?? tiers)?.node)) return undefined
    const owner = config === undefined ? locate(context, params) : locate(context, config, 'tiers')
    context.problems.error({
      ...owner,
      message: `${name} has no tiers. Under complexity_router_config write tiers with at least one of SIMPLE, MEDIUM, COMPLEX, REASONING and a model_name`,
      seen: 'nothing',
      wanted: 'tiers',
    })
    return undefined
  }
  const router = { name, declared }
  const line = context.reader.nodeOf(entry)?.place.line ?? 1
  return {
    name,
    tiers: compileTiers(config, config.tiers, router, context),
    defaultModel: compileDefaultModel(entry, config, router, context),
    complexity: compileComplexity(config, context),
    missingTier: config.missing_tier ?? 'nearest',
    line,
  }
}

interface RouterNames {
  readonly name: string
  readonly declared: DeclaredNames
}

type WrittenTiers = NonNullable<ComplexityRouterConfig['tiers']>

function compileTiers(
  config: ComplexityRouterConfig,
  written: WrittenTiers,
  router: RouterNames,
  context: CompileContext,
): Partial<Record<Tier, readonly TierTarget[]>> {
  const compiled: Partial<Record<Tier, readonly TierTarget[]>> = {}
  for (const [word, value] of Object.entries(written)) {
    const where = locate(context, written, word)
    if (!isTier(word)) {
      reportUnknownTier(word, where, context)
      continue
    }
    const chain: readonly TierModel[] = Array.isArray(value) ? value : [value]
    if (chain.length === 0) {
      context.problems.error({
        ...where,
        message: `${word} has no model. Name one, or remove the tier`,
        seen: 'an empty list',
        wanted: 'a model_name',
      })
    }
    const list = Array.isArray(value) ? value : undefined
    const targets = chain
      .map((model, index) =>
        compileTarget(model, word, list === undefined ? where : locateItem(context, list, index), router, context),
      )
      .filter((target) => target !== undefined)
    if (targets.length > 0) compiled[word] = withoutRepeats(targets)
  }
  reportEmptyTiers(config, written, context)
  return compiled
}

function withoutRepeats(targets: readonly TierTarget[]): TierTarget[] {
  return targets.filter((target, index) => targets.findIndex((other) => other.model === target.model) === index)
}

/** `MEDIUM:` with nothing behind it never reaches the value: it is found in the tree. */
function reportEmptyTiers(config: ComplexityRouterConfig, written: WrittenTiers, context: CompileContext): void {
  const node: SourceNode | undefined = context.reader.nodeOf(written) ?? context.reader.nodeOf(config)
  if (node?.kind !== 'map') return
  for (const entry of node.entries) {
    if (entry.node.kind === 'scalar' && entry.node.value === null) {
      context.problems.error({
        place: entry.keyPlace,
        path: entry.node.path,
        message: `${entry.key} has no model. Name one, or remove the tier`,
        seen: 'nothing',
        wanted: 'a model_name',
      })
    }
  }
}

function compileTarget(
  written: TierModel,
  tier: string,
  where: Where,
  router: RouterNames,
  context: CompileContext,
): TierTarget | undefined {
  const model = typeof written === 'string' ? written : written.model_name
  const params = typeof written === 'string' ? undefined : written.litellm_params
  const defaults = params === undefined ? {} : compileRequestDefaults(params, context)
  return checkTarget(model, tier, where, defaults, router, context)
}

function checkTarget(
  model: string,
  subject: string,
  where: Where,
  defaults: Readonly<Record<string, JsonValue>>,
  router: RouterNames,
  context: CompileContext,
): TierTarget | undefined {
  const reference = readModelReference(model, router.declared)
  switch (reference.kind) {
    case 'configured':
      return { model: reference.model, state: 'configured', defaults }
    case 'waiting':
      context.problems.note({
        ...where,
        message: `${subject} waits for ${reference.model}: ${reference.because}`,
        seen: model,
      })
      return { model: reference.model, state: 'waiting', defaults }
    case 'router': {
      const which = reference.model === router.name ? 'this router itself' : `the router ${reference.model}`
      context.problems.error({
        ...where,
        message: `${subject} names ${which}, must name a model`,
        seen: model,
        wanted: 'a model_name',
      })
      return undefined
    }
    case 'unknown': {
      const advice = reference.nearest === undefined ? 'Add it to model_list' : `Did you mean ${reference.nearest}?`
      context.problems.error({
        ...where,
        message: `${subject} names ${JSON.stringify(model)}, which is not in model_list. ${advice}`,
        seen: model,
        wanted: 'a model_name of this file',
        nearest: reference.nearest,
      })
      return undefined
    }
    default:
      return reference satisfies never
  }
}

/** The key beside the block wins over the one inside: LiteLLM reads the first, people write the second. */
function compileDefaultModel(
  entry: ModelEntry,
  config: ComplexityRouterConfig,
  router: RouterNames,
  context: CompileContext,
): TierTarget | undefined {
  const params = entry.litellm_params
  const beside = params.complexity_router_default_model
  if (beside !== undefined) {
    const where = locate(context, params, 'complexity_router_default_model')
    return checkTarget(beside, 'complexity_router_default_model', where, {}, router, context)
  }
  if (config.default_model === undefined) return undefined
  return checkTarget(
    config.default_model,
    'default_model',
    locate(context, config, 'default_model'),
    {},
    router,
    context,
  )
}
