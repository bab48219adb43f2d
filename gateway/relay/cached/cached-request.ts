import { answerKey, groupMark, type KeyedRequest } from '../../cache/answer-key.ts'
import { type CacheUse, cacheUse, callOf } from '../../cache/cache-use.ts'
import type { GatewayConfig } from '../../config/gateway-config.ts'
import type { Candidate } from '../../routing/plan-types.ts'
import type { RelayRequest } from '../relay-request.ts'

/** A request that the cache may answer or learn from. */
export interface CachedRequest {
  readonly request: RelayRequest
  readonly use: CacheUse
  readonly keyed: KeyedRequest
  readonly key: string
  /** First in the plan: its group's answers are the ones that count. */
  readonly first: Candidate
}

/** Undefined for a request that the cache has nothing to do with. */
export function readCachedRequest(request: RelayRequest, config: GatewayConfig): CachedRequest | undefined {
  const { facts, endpoint, alwaysTranslated, caller, codec, plan } = request
  const settings = config.signalbox.cache
  const use = cacheUse(settings, facts.controls.cache, callOf(facts.dialect, endpoint, alwaysTranslated === true))
  const first = plan.candidates[0] ?? plan.waiting[0]?.candidate
  if (use === undefined || first === undefined) return undefined
  const { group, deployment, defaults } = first
  const keyed: KeyedRequest = {
    scope: settings.shared ? 'all keys' : caller.keyId,
    namespaces: use.namespaces,
    dialect: facts.dialect,
    shape: [endpoint ?? '', alwaysTranslated === true ? 'legacy' : '', codec.streamForm ?? 'sse'],
    stream: facts.stream,
    askedModel: facts.model,
    group,
    // A group that is not configured (the demo's) is what its candidate says.
    groupMark: groupMark(config.groups.get(group) ?? [deployment]),
    defaults,
    headers: request.dialectHeaders,
    body: request.input.body,
  }
  const key = answerKey(keyed)
  return key === undefined ? undefined : { request, use, keyed, key, first }
}
