import type { DeploymentCondition } from '../../routing/plan-types.ts'
import { composeConditions, type ConditionSource } from './compose-conditions.ts'
import { type BoardDependencies, createDeploymentBoard, type OpenBoard } from './deployment-board.ts'
import { createFairQueue, type OpenQueue, type QueueDependencies } from './fair-queue.ts'

/** All that the gateway knows of its deployments and who may use them next, put together. */
export interface Deployments {
  /** For the relay: whoever has not waited stands behind those who have. */
  readonly board: OpenBoard
  readonly queue: OpenQueue
  /** For `RoutingSnapshot.condition`. */
  readonly condition: (deploymentId: string) => DeploymentCondition | undefined
}

export interface DeploymentsDependencies extends BoardDependencies, Pick<QueueDependencies, 'after' | 'queueMs'> {
  /** What others know: budgets, the reachability of backends. */
  readonly sources: readonly ConditionSource[]
}

export function openDeployments(dependencies: DeploymentsDependencies): Deployments {
  const { sources, now, after, queueMs, onChange } = dependencies
  const own = createDeploymentBoard({
    ...dependencies,
    onChange: (change) => {
      onChange?.(change)
      if (change.ended !== undefined) queue.pump()
    },
  })
  const withoutQueue = composeConditions([own.condition, ...sources])
  const queue = createFairQueue({ board: own, condition: withoutQueue, now, after, queueMs })
  const board: OpenBoard = {
    ...own,
    take: (deployment, estimatedTokens, requestBytes) =>
      queue.ahead(deployment.id) ?? own.take(deployment, estimatedTokens, requestBytes),
  }
  const queued: ConditionSource = (deploymentId) => {
    const full = queue.ahead(deploymentId)
    return full === undefined ? undefined : { full }
  }
  return { board, queue, condition: composeConditions([own.condition, queued, ...sources]) }
}
