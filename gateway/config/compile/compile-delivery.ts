import type {
  CooldownSettings,
  DeliverySettings,
  DeploymentCooldown,
  FailureCounts,
  RetryPolicy,
} from '../delivery-settings.ts'
import type { ConfigFile } from '../schema/config-file.ts'
import { failureKindNames } from '../schema/delivery.ts'
import type { DeploymentParams } from '../schema/deployment-params.ts'
import { type CompileContext, locate } from './compile-context.ts'
import { type DeclaredNames, readModelReference } from './model-references.ts'

const defaultAllowedFails = 3
const defaultCooldownSeconds = 5
const defaultHealthIntervalSeconds = 60

type Counts = Readonly<Partial<Record<string, number>>>

/** When failures take a deployment out; `router_settings` wins over `litellm_settings`. */
export function compileCooldown({ router_settings: router, litellm_settings: general }: ConfigFile): CooldownSettings {
  return {
    allowedFails: router?.allowed_fails ?? general?.allowed_fails ?? defaultAllowedFails,
    cooldownMs: toMs(router?.cooldown_time ?? general?.cooldown_time ?? defaultCooldownSeconds),
    disabled: router?.disable_cooldowns ?? false,
    allowedFailsPolicy: failureCounts(router?.allowed_fails_policy, 'AllowedFails') ?? {},
  }
}

/** What a deployment sets for itself. */
export function compileDeploymentCooldown(params: DeploymentParams): DeploymentCooldown {
  return {
    allowedFails: params.allowed_fails,
    cooldownMs: params.cooldown_time === undefined ? undefined : toMs(params.cooldown_time),
    allowedFailsPolicy: failureCounts(params.allowed_fails_policy, 'AllowedFails'),
  }
}

/** Repeats by kind of failure, for all and by group. A group that is not in the list is left out with a warning. */
export function compileRetryPolicy(file: ConfigFile, declared: DeclaredNames, context: CompileContext): RetryPolicy {
  const router = file.router_settings
  const byGroup = new Map<string, FailureCounts>()
  const written = router?.model_group_retry_policy ?? {}
  for (const [name, policy] of Object.entries(written)) {
    const reference = readModelReference(name, declared)
    if (reference.kind !== 'unknown') {
      byGroup.set(reference.model, failureCounts(policy, 'Retries') ?? {})
      continue
    }
    context.problems.warning({
      ...locate(context, written, name),
      message: `model_group_retry_policy names ${JSON.stringify(name)}, which is not in model_list: it is left out`,
      seen: name,
      wanted: 'a model_name of this file',
      nearest: reference.nearest,
    })
  }
  return {
    general: failureCounts(router?.retry_policy, 'Retries') ?? {},
    byGroup,
    retryAfterMs: toMs(router?.retry_after ?? 0),
  }
}

/** The delivery part of our own block, with its defaults, and LiteLLM's words for health checks where ours are silent. */
export function compileDelivery({ signalbox: block, general_settings: general }: ConfigFile): DeliverySettings {
  const checks = block?.health_checks
  const enabled = checks?.enabled ?? (general?.background_health_checks === true ? true : undefined)
  const seconds = checks?.interval_s ?? general?.health_check_interval ?? defaultHealthIntervalSeconds
  return {
    fallbacks: { maxCostRatio: block?.fallbacks?.max_cost_ratio },
    hedgeAfterMs: block?.hedge_after_ms,
    hedgeTools: block?.hedge_tools ?? false,
    midStream: block?.mid_stream ?? 'error',
    queueMs: block?.queue_ms ?? 0,
    healthChecks: {
      // Unless the file says so, providers on the internet are not asked without a request.
      scope: enabled === undefined ? 'local' : enabled ? 'all' : 'off',
      intervalMs: toMs(seconds),
    },
  }
}

function failureCounts(written: Counts | undefined, ending: 'Retries' | 'AllowedFails'): FailureCounts | undefined {
  if (written === undefined) return undefined
  const pairs = Object.entries(failureKindNames).map(([name, kind]) => [kind, written[name + ending]] as const)
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined))
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000)
}
