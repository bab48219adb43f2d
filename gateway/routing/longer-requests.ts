import type { Candidate } from './plan-types.ts'

/**
 * What to try when an upstream says that a request is too long for it: the chain for that. Without one, what the plan has
 * for any failure: of the same model only a window that is known to be larger, of others all but those known not to be.
 */
export function longerRequests(chain: readonly Candidate[], candidates: readonly Candidate[]): readonly Candidate[] {
  const [first, ...others] = candidates
  if (chain.length > 0 || first === undefined || others.length === 0) return chain
  const window = first.deployment.contextWindow
  return others.filter(({ group, deployment: { contextWindow } }) => {
    if (window === undefined || contextWindow === undefined) return group !== first.group
    return contextWindow > window
  })
}
