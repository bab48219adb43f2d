import { defaultBoundaries, defaultThresholds, dimensionNames } from '../../model/complexity.ts'
import { isTier, type Tier, tiers } from '../../model/tier.ts'
import type { ComplexityOverrides } from '../gateway-config.ts'
import type { ComplexityRouterConfig } from '../schema/complexity-router.ts'
import { nearestName } from '../source/nearest-name.ts'
import { isEmptyNode } from '../source/source-tree.ts'
import { type CompileContext, locate } from './compile-context.ts'

/** The scoring part of a router: what the file says, checked; what it leaves out stays open. */
export function compileComplexity(config: ComplexityRouterConfig, context: CompileContext): ComplexityOverrides {
  checkOrder(config, context)
  return {
    tierBoundaries: config.tier_boundaries ?? {},
    tokenThresholds: config.token_thresholds ?? {},
    dimensionWeights: knownWeights(config, context),
    codeKeywords: config.code_keywords,
    reasoningKeywords: config.reasoning_keywords,
    technicalKeywords: config.technical_keywords,
    simpleKeywords: config.simple_keywords,
    customTechnicalKeywords: config.custom_technical_keywords ?? [],
    reasoningOverrideMinScore: config.reasoning_override_min_score,
    textScope: config.text_scope ?? 'user',
    noSignalTier: tierOf(config, context),
    reminderMarkers: config.reminder_markers,
  }
}

/** Reports a word that is none of the four tiers. */
export function reportUnknownTier(word: string, where: ReturnType<typeof locate>, context: CompileContext): void {
  const nearest = nearestName(word, tiers)
  const advice = nearest === undefined ? '' : `. Write ${nearest}`
  context.problems.error({
    ...where,
    message: `${word} is not a tier, must be one of ${tiers.join(', ')}${advice}`,
    seen: word,
    wanted: `one of ${tiers.join(', ')}`,
    nearest,
  })
}

function tierOf(config: ComplexityRouterConfig, context: CompileContext): Tier | undefined {
  const word = config.no_signal_tier
  if (word === undefined || isTier(word)) return word
  reportUnknownTier(word, locate(context, config, 'no_signal_tier'), context)
  return undefined
}

function knownWeights(config: ComplexityRouterConfig, context: CompileContext): Record<string, number> | undefined {
  const weights = config.dimension_weights
  if (weights === undefined) return undefined
  reportEmptyWeights(weights, context)
  const known: Record<string, number> = {}
  for (const [name, weight] of Object.entries(weights)) {
    if ((dimensionNames as readonly string[]).includes(name)) known[name] = weight
    else {
      const nearest = nearestName(name, dimensionNames)
      context.problems.warning({
        ...locate(context, weights, name),
        message: `${name} is not a dimension and has no effect${nearest === undefined ? '' : `. Did you mean ${nearest}?`}`,
        seen: name,
        wanted: `one of ${dimensionNames.join(', ')}`,
        nearest,
      })
    }
  }
  return known
}

/** `codePresence:` with nothing behind it weighs nothing, as one left out: the slip of `codePresence: 0,10` ends here too. */
function reportEmptyWeights(weights: object, context: CompileContext): void {
  const node = context.reader.nodeOf(weights)
  for (const entry of node?.kind === 'map' ? node.entries : []) {
    if (!isEmptyNode(entry.node)) continue
    context.problems.warning({
      place: entry.keyPlace,
      path: entry.node.path,
      message: `${entry.key} is empty and has no effect: a dimension without a weight counts 0`,
      seen: 'nothing',
      wanted: 'a number',
    })
  }
}

function checkOrder(config: ComplexityRouterConfig, context: CompileContext): void {
  const boundaries = { ...defaultBoundaries, ...config.tier_boundaries }
  reportDescent(
    config.tier_boundaries,
    [
      ['simple_medium', boundaries.simple_medium],
      ['medium_complex', boundaries.medium_complex],
      ['complex_reasoning', boundaries.complex_reasoning],
    ],
    context,
  )
  const thresholds = { ...defaultThresholds, ...config.token_thresholds }
  reportDescent(
    config.token_thresholds,
    [
      ['simple', thresholds.simple],
      ['complex', thresholds.complex],
    ],
    context,
  )
}

/** True when a value of the block was wrong and is left out: its default must not be held against the others. */
function hasRefused(written: object, context: CompileContext): boolean {
  const node = context.reader.nodeOf(written)
  return node?.kind === 'map' && node.entries.length !== Object.keys(written).length
}

function reportDescent(
  written: object | undefined,
  steps: readonly (readonly [string, number])[],
  context: CompileContext,
): void {
  if (written === undefined || hasRefused(written, context)) return
  for (const [index, [name, value]] of steps.entries()) {
    const before = steps[index - 1]
    if (before === undefined || value >= before[1]) continue
    const blamed = Object.hasOwn(written, name) ? name : before[0]
    const wanted = `a number of ${before[1]} or more`
    context.problems.error({
      ...locate(context, written, blamed),
      message: `${name} is ${value}, below ${before[0]} (${before[1]}). They must go up in the order ${steps.map(([step]) => step).join(', ')}`,
      seen: String(value),
      wanted,
    })
  }
}
