import type { DeploymentCondition } from '../../routing/plan-types.ts'

/** One owner's part of what is known of a deployment; undefined = nothing. Must be quick: asked for every candidate of every plan. */
export type ConditionSource = (deploymentId: string) => Partial<DeploymentCondition> | undefined

const idle: DeploymentCondition = { inFlight: 0, requestsThisMinute: 0, tokensThisMinute: 0 }

/** Puts the parts together. Of a field that several sources give, the first source's counts. */
export function composeConditions(
  sources: readonly ConditionSource[],
): (deploymentId: string) => DeploymentCondition | undefined {
  return (deploymentId) => {
    let condition: DeploymentCondition | undefined
    for (const source of sources) {
      const part = source(deploymentId)
      if (part !== undefined) condition = { ...idle, ...part, ...condition }
    }
    return condition
  }
}
