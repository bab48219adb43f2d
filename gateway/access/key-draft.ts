import { GatewayError } from '../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import type { KeySettings, ModelBudget } from '../model/key-settings.ts'
import { parseBudgetDuration, wantedDuration } from '../model/budget-duration.ts'
import { isRouteName, routeGroups } from './allowed-routes.ts'
import { FieldReader } from './field-reader.ts'
import { parseKeyLifetime } from './key-lifetime.ts'
import type { NewKeyOptions } from './key-store.ts'

/** What a request says about a key, and what it says that has no effect here. */
export interface KeyDraft extends NewKeyOptions {
  readonly warnings: readonly string[]
}

export interface DraftOptions {
  /** ms since the epoch. */
  readonly now: number
  /** True for a change of a key that exists: null then takes a value away, where for a new key it means "not given". */
  readonly isChange: boolean
  /** How the caller spells a field, for messages; LiteLLM's name by default. */
  readonly spelling?: (field: string) => string
}

/** Words of LiteLLM for "every model". */
const allModels = new Set(['all-proxy-models', 'all-team-models', '*'])

/** Fields of LiteLLM that mean nothing on one machine, with the reason. */
const withoutEffect: Readonly<Record<string, string>> = {
  permissions: 'there are no permissions beside models, routes and limits',
  allowed_cache_controls: 'every key may use the cache controls',
  config: 'a key cannot change the configuration',
  budget_id: 'there are no named budgets; write max_budget',
  guardrails: 'there are no guardrails',
  enforced_params: 'requests need no fields beyond those of their API',
  auto_rotate: 'keys are not renewed by themselves; POST /key/regenerate does it',
  rotation_interval: 'keys are not renewed by themselves; POST /key/regenerate does it',
  router_settings: 'routing is the same for all keys',
  object_permission: 'there are no objects beside models',
  organization_id: 'there are no organizations',
  project_id: 'there are no projects',
  send_invite_email: 'no mail is sent',
  spend: 'what was spent is counted, not written',
  temp_budget_increase: 'budgets are not raised for a while; write max_budget',
  temp_budget_expiry: 'budgets are not raised for a while; write max_budget',
  soft_budget_cooldown: 'a soft budget only warns',
}

const kinds = { default: 'virtual', llm_api: 'virtual', read_only: 'virtual', management: 'management' } as const

/**
 * Reads what LiteLLM's `/key/generate`, `/key/update` and `/key/regenerate` take (litellm-compat §5.1). A field that is
 * unknown or has no effect here becomes a warning; a value that makes no sense is refused.
 * @throws GatewayError `invalid_field` naming the field, what was seen and what is wanted
 */
export function readKeyDraft(body: JsonObject, options: DraftOptions): KeyDraft {
  const read = new FieldReader(body, options.isChange, options.spelling ?? ((field) => field))
  const kind = read.choice('key_type', Object.keys(kinds) as (keyof typeof kinds)[])
  const duration = read.text('duration')
  const fields = {
    key: read.text('key') ?? undefined,
    alias: read.text('key_alias'),
    kind: kind === undefined || kind === null ? undefined : kinds[kind],
    models: readModels(read),
    lifetimeMs: typeof duration === 'string' ? readLifetime(duration, read, options.now) : duration,
    blocked: read.flag('blocked'),
    settings: readSettings(read, kind === 'read_only'),
  }
  return { ...fields, warnings: warningsOf(read) }
}

const onLimits = ['block', 'downgrade'] as const
const unknownPrices = ['refuse', 'allow'] as const

/** The field itself before its place in `metadata`, where clients of LiteLLM can write it; null was written, too. */
function first<Value>(own: Value | null | undefined, inMetadata: Value | null | undefined): Value | null | undefined {
  return own === undefined ? inMetadata : own
}

function readSettings(read: FieldReader, readOnly: boolean): Partial<KeySettings> {
  const metadata = read.object('metadata')
  const inMetadata = new FieldReader(metadata ?? {}, false, (field) => read.spell(`metadata.${field}`))
  const routes = readRoutes(read)
  const settings: Partial<Record<keyof KeySettings, unknown>> = {
    userId: read.text('user_id'),
    teamId: read.text('team_id'),
    agent: first(read.text('agent'), inMetadata.looseText('agent')),
    tags: read.names('tags'),
    aliases: read.texts('aliases'),
    metadata,
    allowedRoutes: routes ?? (readOnly ? ['info_routes'] : undefined),
    maxBudgetNanoUsd: read.usd('max_budget'),
    softBudgetNanoUsd: read.usd('soft_budget'),
    budgetDuration: readDuration(read, 'budget_duration', read.text('budget_duration')),
    modelBudgets: readModelBudgets(read),
    rpm: read.count('rpm_limit'),
    tpm: read.count('tpm_limit'),
    maxParallel: read.count('max_parallel_requests'),
    modelRpm: read.counts('model_rpm_limit'),
    modelTpm: read.counts('model_tpm_limit'),
    onLimit: first(read.choice('on_limit', onLimits), inMetadata.choice('on_limit', onLimits)),
    unknownPrice: first(read.choice('unknown_price', unknownPrices), inMetadata.choice('unknown_price', unknownPrices)),
  }
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}

function readRoutes(read: FieldReader): readonly string[] | undefined {
  const routes = read.names('allowed_routes')
  const strange = routes?.find((route) => !isRouteName(route))
  if (strange === undefined) return routes
  throw read.wrong(
    'allowed_routes',
    strange,
    `paths such as /v1/chat/completions or /v1/*, or ${routeGroups.join(', ')}`,
  )
}

function readModels(read: FieldReader): readonly string[] | undefined {
  const models = read.names('models')
  return models?.some((model) => allModels.has(model)) === true ? [] : models
}

function readLifetime(text: string, read: FieldReader, now: number): number {
  try {
    return parseKeyLifetime(text, now)
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown
    const field = read.spell('duration')
    throw new GatewayError('invalid_field', thrown.message.replace(/^duration/u, field), { param: field })
  }
}

function readDuration<Text extends string | null | undefined>(read: FieldReader, field: string, text: Text): Text {
  if (typeof text === 'string' && parseBudgetDuration(text) === undefined) throw read.wrong(field, text, wantedDuration)
  return text
}

/** `{model: {budget_limit, time_period}}`, or with the names of a key's own budget. */
function readModelBudgets(read: FieldReader): Readonly<Record<string, ModelBudget>> | undefined {
  return read.entries('model_max_budget', (value: JsonValue, field) => {
    const entry = isJsonObject(value) ? value : { budget_limit: value }
    const inner = new FieldReader(entry, false, (name) => `${field}.${name}`)
    const limit = inner.usd('budget_limit') ?? inner.usd('max_budget')
    if (limit === undefined || limit === null)
      throw read.wrong('model_max_budget', '{}', '{model: {budget_limit, time_period}}')
    const period =
      readDuration(inner, 'time_period', inner.text('time_period')) ??
      readDuration(inner, 'budget_duration', inner.text('budget_duration'))
    return { maxNanoUsd: limit, duration: period ?? null }
  })
}

function warningsOf(read: FieldReader): string[] {
  return read.unread().map((field) => {
    const name = read.spell(field)
    if (Object.hasOwn(withoutEffect, field)) return `${name} has no effect: ${withoutEffect[field]}`
    const nearest = read.nearestTo(field)
    return `${name} is not a known field and has no effect${nearest === undefined ? '' : `; did you mean ${nearest}?`}`
  })
}
