import type { DeploymentQuota } from '../delivery-settings.ts'
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
  const day =
    quota === undefined
      ? { resetsAtMinute: 0, timeZone: 'UTC' }
      : { resetsAtMinute: resetMinute(quota, context), timeZone: timeZone(quota, context) }
  return Object.values(limits).every((value) => value === undefined) ? undefined : { ...limits, ...day }
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
