import { matchWildcard } from '../config/wildcard.ts'
import type { RoutingSnapshot } from './plan-types.ts'
import type { ResolvedModel } from './resolve-model.ts'

/**
 * Whether the caller's key may use a name: by that name itself, by that of the group or router behind it, by a pattern
 * such as `openai/*` that covers one of them, or by an access group of the model's deployments.
 */
export function mayUse(
  name: string,
  resolved: ResolvedModel | undefined,
  { allowedModels }: Pick<RoutingSnapshot, 'allowedModels'>,
): boolean {
  if (allowedModels === undefined) return true
  const names = resolved === undefined || resolved.name === name ? [name] : [name, resolved.name]
  return allowedModels.some(
    (allowed) =>
      names.includes(allowed) ||
      (allowed.includes('*') && names.some((one) => matchWildcard(allowed, one) !== undefined)) ||
      accessGroupsOf(resolved).includes(allowed),
  )
}

function accessGroupsOf(resolved: ResolvedModel | undefined): readonly string[] {
  if (resolved === undefined || resolved.kind === 'router') return []
  if (resolved.kind === 'deployment') return resolved.deployment.accessGroups
  const [only, ...others] = resolved.deployments
  if (only === undefined) return []
  return others.length === 0 ? only.accessGroups : resolved.deployments.flatMap(({ accessGroups }) => accessGroups)
}
