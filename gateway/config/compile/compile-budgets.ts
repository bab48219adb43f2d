import { parseBudgetDuration, wantedDuration } from '../../model/budget-duration.ts'
import { isTimeZone } from '../../model/zoned-time.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Budget, BudgetSettings } from '../budget-settings.ts'
import type { NamedBudget } from '../schema/budgets.ts'
import type { ConfigFile } from '../schema/config-file.ts'
import type { DeploymentParams } from '../schema/deployment-params.ts'
import { type CompileContext, locate } from './compile-context.ts'

const nanoPerUsd = 1e9

/** Budgets of the whole gateway, of providers and of tags, what all budgets have in common, and limits for every key. */
export function compileBudgets(file: ConfigFile, context: CompileContext): BudgetSettings {
  const { litellm_settings: general, router_settings: router, signalbox } = file
  return {
    global: general === undefined ? undefined : compileBudget(general, context),
    providers: namedBudgets(router?.provider_budget_config, context),
    tags: namedBudgets(general?.tag_budget_config, context),
    onLimit: signalbox?.budgets?.on_limit ?? 'block',
    unknownPrice: signalbox?.budgets?.unknown_price ?? 'refuse',
    timeZone: timeZone(signalbox, context) ?? timeZone(general, context),
    keyRules: {
      defaults: keyFields(general?.default_key_generate_params, context),
      most: keyFields(general?.upperbound_key_generate_params, context),
    },
    parallel: {
      gateway: file.general_settings?.global_max_parallel_requests ?? null,
      eachKey: file.general_settings?.max_parallel_requests ?? null,
    },
  }
}

/** The budget in `max_budget` and `budget_duration` of a block; a duration alone says how long nothing is limited. */
export function compileBudget(
  block: Pick<DeploymentParams, 'max_budget' | 'budget_duration'>,
  context: CompileContext,
): Budget | undefined {
  const duration = readDuration(block, 'budget_duration', context)
  if (block.max_budget === undefined) return undefined
  return { maxNanoUsd: Math.round(block.max_budget * nanoPerUsd), duration }
}

function namedBudgets(
  written: Readonly<Record<string, NamedBudget>> | undefined,
  context: CompileContext,
): ReadonlyMap<string, Budget> {
  const budgets = new Map<string, Budget>()
  for (const [name, block] of Object.entries(written ?? {})) {
    const limit = block.budget_limit ?? block.max_budget
    const field = block.time_period === undefined ? 'budget_duration' : 'time_period'
    const duration = readDuration(block, field, context)
    if (limit !== undefined) {
      budgets.set(name, { maxNanoUsd: Math.round(limit * nanoPerUsd), duration })
      continue
    }
    const wanted = 'budget_limit, in USD'
    context.problems.error({ ...locate(context, block), message: `the budget of ${name} has no ${wanted}`, wanted })
  }
  return budgets
}

/** Fields of keys as they are written, once their durations are known to be some. */
function keyFields(block: Durations | undefined, context: CompileContext): JsonObject {
  if (block === undefined) return {}
  readDuration(block, 'budget_duration', context)
  readDuration(block, 'duration', context)
  return { ...(block as JsonObject) }
}

type Durations = Readonly<Partial<Record<'budget_duration' | 'time_period' | 'duration', string | undefined>>>

function readDuration(block: Durations, field: keyof Durations, context: CompileContext): string | null {
  const written = block[field]
  if (written === undefined) return null
  if (parseBudgetDuration(written) !== undefined) return written
  context.problems.error({
    ...locate(context, block, field),
    message: `${field} is ${JSON.stringify(written.slice(0, 40))}, must be ${wantedDuration}`,
    seen: written.slice(0, 40),
    wanted: wantedDuration,
  })
  return null
}

function timeZone(
  block: { readonly timezone?: string | undefined } | undefined,
  context: CompileContext,
): string | undefined {
  const written = block?.timezone
  if (block === undefined || written === undefined || isTimeZone(written)) return written
  const wanted = 'an IANA time zone such as Europe/Berlin'
  context.problems.error({
    ...locate(context, block, 'timezone'),
    message: `timezone is ${JSON.stringify(written.slice(0, 40))}, must be ${wanted}`,
    seen: written.slice(0, 40),
    wanted,
  })
  return undefined
}
