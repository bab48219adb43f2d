import type { GatewayEvent } from '../../gateway/contract/events.ts'
import type { RequestView } from '../../gateway/contract/requests.ts'
import type { RouterView } from '../../gateway/contract/routers.ts'
import type { GatewayStatus } from '../../gateway/contract/status.ts'
import type { SupervisorState } from '../gateway/supervisor-state.ts'

/** What the gateway last told. Running requests are all kept; of the finished ones as many as the menu shows. */
export interface GatewaySnapshot {
  readonly status: GatewayStatus
  readonly routers: readonly RouterView[]
  /** Newest first. */
  readonly requests: readonly RequestView[]
}

/** Everything that icon, tooltip and menu are made from. */
export interface TrayState {
  readonly gateway: SupervisorState
  /** Undefined until the first snapshot of a running gateway. */
  readonly snapshot: GatewaySnapshot | undefined
  /** True while a request has been running long enough to show it. */
  readonly working: boolean
}

export const initialTrayState: TrayState = { gateway: { phase: 'stopped' }, snapshot: undefined, working: false }

const finishedKept = 5

/** The snapshot after one event. Events before the first snapshot have nothing to change and are dropped. */
export function applyGatewayEvent(
  snapshot: GatewaySnapshot | undefined,
  event: GatewayEvent,
): GatewaySnapshot | undefined {
  if (event.type === 'snapshot') {
    return { status: event.status, routers: event.routers, requests: keepRecent(event.requests) }
  }
  if (snapshot === undefined) return undefined
  switch (event.type) {
    case 'status':
      return { ...snapshot, status: event.status }
    case 'backends':
    case 'network':
      return snapshot
    case 'routers':
      return { ...snapshot, routers: event.routers }
    case 'request': {
      const others = snapshot.requests.filter((request) => request.id !== event.request.id)
      return { ...snapshot, requests: keepRecent([event.request, ...others]) }
    }
  }
}

function keepRecent(requests: readonly RequestView[]): RequestView[] {
  let finished = 0
  return requests
    .toSorted((one, other) => other.startedAt - one.startedAt)
    .filter((request) => {
      if (request.phase === 'finished') finished += 1
      return request.phase === 'running' || finished <= finishedKept
    })
}

/** The sentence for what needs the user, gravest first; undefined when all is well. */
export function findTrouble({ gateway, snapshot }: TrayState): string | undefined {
  if (gateway.phase === 'failed') return gateway.message
  if (gateway.phase === 'waiting') return `${gateway.message} It is started again.`
  if (gateway.phase !== 'running' || snapshot === undefined) return undefined
  return configTrouble(snapshot.status) ?? providerTrouble(snapshot.requests) ?? tierTrouble(snapshot.routers)
}

function configTrouble({ config }: GatewayStatus): string | undefined {
  if (!config.refused) return undefined
  const count = config.problems.filter((problem) => problem.severity === 'error').length
  const errors = count > 1 ? `${count} errors` : 'an error'
  return `${config.path.split(/[\\/]/).at(-1)} has ${errors}: the last good version is in use`
}

const providerTroubles: Readonly<Record<string, string>> = {
  provider_key_missing: 'has no key',
  provider_key_refused: 'refuses its key',
  provider_payment_required: 'wants payment',
  provider_permission_denied: 'refuses the model to this key',
  backend_unavailable: 'does not answer',
}

/** Judged by the newest finished request: one that was answered since shows that the trouble is over. */
function providerTrouble(requests: readonly RequestView[]): string | undefined {
  const last = requests.find((request) => request.phase === 'finished')
  const words = last?.errorCode == null ? undefined : providerTroubles[last.errorCode]
  return last === undefined || words === undefined ? undefined : `${last.provider ?? last.askedModel} ${words}`
}

function tierTrouble(routers: readonly RouterView[]): string | undefined {
  for (const router of routers) {
    if (router.position.mode === 'off') continue
    const tier = router.tiers.find(({ models }) => !models.some((model) => model.state === 'configured'))
    if (tier !== undefined) return `${router.name}: ${tier.tier} has no model`
  }
  return undefined
}
