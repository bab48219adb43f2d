import { createHash } from 'node:crypto'
import type { AccountQuota, DeploymentQuota } from '../delivery-settings.ts'
import type { KeyReference } from '../gateway-config.ts'
import type { ProviderFacts } from '../providers/catalogue.ts'
import type { ModelEntry } from '../schema/model-entry.ts'
import { type CompileContext, locate } from './compile-context.ts'

const clockTime = /^(?<hours>[01]?\d|2[0-3]):(?<minutes>[0-5]\d)$/

/**
 * What a deployment may be asked for: its `quota`, and where that says nothing its `rpm` and `tpm`. A limit of 0 weighs
 * nothing in a shuffle and limits nothing. Without `resets_at` a day begins at midnight, without `timezone` in UTC.
 */
export function compileQuota(entry: ModelEntry, context: CompileContext): DeploymentQuota | undefined {
  const params = entry.litellm_params
  const quota = entry.quota ?? params.quota
  const limits = {
    requestsPerMinute: quota?.requests_per_minute ?? positive(params.rpm ?? entry.rpm),
    tokensPerMinute: quota?.tokens_per_minute ?? positive(params.tpm ?? entry.tpm),
    requestsPerDay: quota?.requests_per_day,
    tokensPerDay: quota?.tokens_per_day,
  }
  const day = quota === undefined ? { resetsAtMinute: 0, timeZone: 'UTC' } : dayOf(quota, context)
  return Object.values(limits).every((value) => value === undefined) ? undefined : { ...limits, ...day }
}

/**
 * The `quota` of a provider's definition: one for each of its keys, shared by all deployments with that key. Each is
 * compiled once, so that a mistake in it is told once.
 */
export function compileAccount(
  { id: provider, quota: written }: Pick<ProviderFacts, 'id' | 'quota'>,
  apiKey: KeyReference,
  context: CompileContext,
): AccountQuota | undefined {
  if (written === undefined) return undefined
  const quota = compiled.get(written) ?? {
    requestsPerMinute: written.requests_per_minute,
    tokensPerMinute: written.tokens_per_minute,
    requestsPerDay: written.requests_per_day,
    tokensPerDay: written.tokens_per_day,
    ...dayOf(written, context),
  }
  compiled.set(written, quota)
  const secret = apiKey.kind === 'value' ? apiKey.secret.reveal() : ''
  const digest = createHash('sha256').update(`${provider}\n${secret}`).digest('hex').slice(0, 16)
  return { id: `account:${provider}:${digest}`, quota }
}

const compiled = new WeakMap<WrittenQuota, DeploymentQuota>()

function dayOf(quota: WrittenQuota, context: CompileContext): Pick<DeploymentQuota, 'resetsAtMinute' | 'timeZone'> {
  return { resetsAtMinute: resetMinute(quota, context), timeZone: timeZone(quota, context) }
}

type WrittenQuota = NonNullable<ModelEntry['quota']>

function positive(value: number | undefined): number | undefined {
  return value === undefined || value <= 0 ? undefined : value
}

function resetMinute(quota: WrittenQuota, context: CompileContext): number {
  const written = quota.resets_at
  if (written === undefined) return 0
  const match = clockTime.exec(written.trim())
  if (match?.groups !== undefined) return Number(match.groups.hours) * 60 + Number(match.groups.minutes)
  const wanted = 'a clock time such as "00:00"'
  context.problems.error({
    ...locate(context, quota, 'resets_at'),
    message: `resets_at is ${JSON.stringify(written.slice(0, 40))}, must be ${wanted}`,
    seen: written.slice(0, 40),
    wanted,
  })
  return 0
}

function timeZone(quota: WrittenQuota, context: CompileContext): string {
  const written = quota.timezone
  if (written === undefined) return 'UTC'
  try {
    return new Intl.DateTimeFormat('en', { timeZone: written }).resolvedOptions().timeZone
  } catch {
    const wanted = 'an IANA time zone such as Europe/Berlin'
    context.problems.error({
      ...locate(context, quota, 'timezone'),
      message: `timezone is ${JSON.stringify(written.slice(0, 40))}, must be ${wanted}`,
      seen: written.slice(0, 40),
      wanted,
    })
    return 'UTC'
  }
}
