import type { ConfigSource } from './config/config-source.ts'
import type { Logger } from './logging/logger.ts'
import type { ConditionSource } from './relay/deployments/compose-conditions.ts'
import { createDayUseWriter } from './relay/deployments/day-use-writer.ts'
import { type Deployments, openDeployments } from './relay/deployments/open-deployments.ts'
import type { DayUseRepository } from './store/day-use-repository.ts'

export interface GatewayDeploymentsDependencies {
  readonly config: ConfigSource
  readonly dayUses: DayUseRepository
  readonly logger: Logger
  /** What others know of deployments: budgets, the reachability of backends. */
  readonly sources: readonly ConditionSource[]
}

/** The deployments of a running gateway: their state, the queue for them, and what is kept of them between runs. */
export async function openGatewayDeployments(
  { config, dayUses, logger, sources }: GatewayDeploymentsDependencies,
  opened: AsyncDisposableStack,
): Promise<Deployments> {
  const writer = createDayUseWriter({
    save: (uses) => dayUses.save(uses, Date.now()),
    useOf: (deploymentId) => deployments.board.dayUse(deploymentId),
    after,
    onFailure: (failure) => logger.error({ err: failure }, 'the use of daily quotas could not be kept'),
  })
  const deployments = openDeployments({
    now: Date.now,
    after,
    config: config.current,
    queueMs: () => config.current().signalbox.queueMs,
    sources,
    dayUse: await dayUses.all(),
    onChange: ({ deployment: { id, quota } }) => {
      if (quota?.requestsPerDay !== undefined || quota?.tokensPerDay !== undefined) writer.note(id)
    },
  })
  opened.defer(() => writer.flush())
  opened.defer(() => deployments.queue.close())
  opened.defer(
    config.onChange(({ config: next }) => {
      deployments.board.retain(new Set([...next.groups.values()].flat().map(({ id }) => id)))
      deployments.queue.pump()
    }),
  )
  return deployments
}

/** A timer that keeps no process alive. */
function after(ms: number, action: () => void): () => void {
  const timer = setTimeout(action, ms).unref()
  return () => clearTimeout(timer)
}
