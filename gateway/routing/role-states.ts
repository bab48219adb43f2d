import type { Role } from '../config/role.ts'
import type { RoutingSnapshot } from './plan-types.ts'
import { resolveConfigured } from './resolve-model.ts'

/** A role or category as it stands at a moment. */
export interface RoleState {
  readonly role: Role
  /** `waiting`: nothing has its model now. */
  readonly leadsTo: 'router' | 'model' | 'waiting'
  /** False while its router is off and it has no fallbacks. */
  readonly on: boolean
}

/** All roles and categories in the order of the file. Pure. */
export function roleStates(snapshot: RoutingSnapshot): RoleState[] {
  return [...(snapshot.config.roles?.values() ?? [])].map((role) => {
    const found = resolveConfigured(role.name, snapshot)
    const isOff = found !== undefined && snapshot.switches.get(found.name)?.mode === 'off'
    const isThere = found !== undefined && !(found.kind === 'group' && found.deployments.length === 0)
    const there = found?.kind === 'router' ? 'router' : 'model'
    return { role, leadsTo: isThere ? there : 'waiting', on: !isOff || role.fallbacks.length > 0 }
  })
}
