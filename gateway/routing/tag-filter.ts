import type { Deployment } from '../config/gateway-config.ts'
import type { TagFiltering } from '../config/delivery-settings.ts'

const defaultTag = 'default'

/**
 * The deployments of a group that a request with these tags may use, by what the file says and not by who is well: a
 * request that must stay in a region does not leave it because the region is busy. LiteLLM's rules: tags of the request
 * are matched by any or by all; what matches none goes to the deployments tagged `default`, a request without tags too,
 * and without such deployments to all.
 */
export function filterByTags(
  deployments: readonly Deployment[],
  tags: readonly string[],
  { enabled, matchAny }: TagFiltering,
): readonly Deployment[] {
  if (!enabled) return deployments
  if (tags.length > 0) {
    const matching = deployments.filter((deployment) =>
      matchAny ? tags.some((tag) => deployment.tags.includes(tag)) : tags.every((tag) => deployment.tags.includes(tag)),
    )
    if (matching.length > 0) return matching
  }
  const defaults = deployments.filter((deployment) => deployment.tags.includes(defaultTag))
  return defaults.length > 0 || tags.length > 0 ? defaults : deployments
}
