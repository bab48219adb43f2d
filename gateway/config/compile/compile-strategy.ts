import type { RoutingSettings, RoutingStrategy, TagFiltering } from '../delivery-settings.ts'
import type { Deployment } from '../gateway-config.ts'
import type { ConfigFile } from '../schema/config-file.ts'
import { nearestName } from '../source/nearest-name.ts'
import { type CompileContext, locate, locateItem } from './compile-context.ts'

/** LiteLLM's names, and the ones that articles use for them. */
const strategies: Readonly<Record<string, RoutingStrategy>> = {
  'simple-shuffle': 'simple-shuffle',
  simple_shuffle: 'simple-shuffle',
  'least-busy': 'least-busy',
  least_busy: 'least-busy',
  'latency-based-routing': 'latency-based-routing',
  latency_based: 'latency-based-routing',
  latency_based_routing: 'latency-based-routing',
  'usage-based-routing': 'usage-based-routing',
  usage_based: 'usage-based-routing-v2',
  usage_based_routing: 'usage-based-routing',
  'usage-based-routing-v2': 'usage-based-routing-v2',
  usage_based_routing_v2: 'usage-based-routing-v2',
  'cost-based-routing': 'cost-based-routing',
  cost_based: 'cost-based-routing',
  cost_based_routing: 'cost-based-routing',
  lowest_cost: 'cost-based-routing',
  'lowest-cost': 'cost-based-routing',
}
const strategyNames = [...new Set(Object.values(strategies))]

/** LiteLLM's: measurements count for an hour, ten are averaged, only the fastest is used. */
const defaultArgs = { ttlSeconds: 3600, buffer: 0, listSize: 10 }

/** Checks that LiteLLM makes optional and that hold here in any case, or that mean nothing here. */
const heldChecks = new Set(['enforce_model_rate_limits', 'router_budget_limiting'])

/** The strategy with its arguments. An unknown name is an error that lists the known ones. */
export function compileStrategy(file: ConfigFile, context: CompileContext): RoutingSettings {
  const settings = file.router_settings
  const args = settings?.routing_strategy_args
  return {
    strategy: readStrategy(file, context),
    strategyArgs: {
      ttlMs: Math.round((args?.ttl ?? defaultArgs.ttlSeconds) * 1000),
      lowestLatencyBuffer: args?.lowest_latency_buffer ?? defaultArgs.buffer,
      maxLatencyListSize: args?.max_latency_list_size ?? defaultArgs.listSize,
    },
  }
}

function readStrategy(file: ConfigFile, context: CompileContext): RoutingStrategy {
  const settings = file.router_settings
  const written = settings?.routing_strategy
  if (settings === undefined || written === undefined) return 'simple-shuffle'
  const strategy = Object.hasOwn(strategies, written) ? strategies[written] : undefined
  if (strategy !== undefined) return strategy
  const where = locate(context, settings, 'routing_strategy')
  if (written === 'lar1') {
    const message =
      'routing_strategy lar1 is not in effect in this version: deployments are shuffled by weight, rpm or tpm'
    context.problems.warning({ ...where, message, seen: written, wanted: `one of ${strategyNames.join(', ')}` })
    return 'simple-shuffle'
  }
  const nearest = nearestName(written, strategyNames)
  context.problems.error({
    ...where,
    message: `routing_strategy is ${JSON.stringify(written)}, must be one of ${strategyNames.join(', ')}${nearest === undefined ? '' : `. Write ${nearest}`}`,
    seen: written,
    wanted: `one of ${strategyNames.join(', ')}`,
    nearest,
  })
  return 'simple-shuffle'
}

/** Tag filtering as LiteLLM has it: off unless switched on, then one common tag suffices unless all are asked for. */
export function compileTagFiltering({ router_settings: settings }: ConfigFile): TagFiltering {
  return { enabled: settings?.enable_tag_filtering ?? false, matchAny: settings?.tag_filtering_match_any ?? true }
}

/** Tags that restrict nothing are worth a word: people set them to keep requests in a region. */
export function checkTags(deployments: readonly Deployment[], file: ConfigFile, { problems }: CompileContext): void {
  const tagged = deployments.find(({ tags }) => tags.length > 0)
  if (tagged === undefined || file.router_settings?.enable_tag_filtering !== undefined) return
  problems.note({
    place: { line: tagged.line, column: 1 },
    message: `${tagged.modelName} has tags, which restrict nothing: write enable_tag_filtering: true under router_settings, or false if they only label requests`,
  })
}

/** Warns of optional checks that are not made. */
export function checkOptionalChecks(file: ConfigFile, context: CompileContext): void {
  const written = file.router_settings?.optional_pre_call_checks ?? []
  for (const [index, name] of written.entries()) {
    if (heldChecks.has(name)) continue
    context.problems.warning({
      ...locateItem(context, written, index),
      message: `optional_pre_call_checks: ${JSON.stringify(name.slice(0, 60))} is not in effect in this version`,
      seen: name.slice(0, 60),
    })
  }
}
