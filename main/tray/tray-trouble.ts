import type { RequestView } from '../../gateway/contract/requests.ts'
import type { RouterView } from '../../gateway/contract/routers.ts'
import type { GatewayStatus } from '../../gateway/contract/status.ts'
import { isNear, limitWords } from './limits.ts'
import type { TrayState } from './tray-state.ts'

/** The sentence for what needs the user, gravest first; undefined when all is well. */
export function findTrouble({ gateway, snapshot }: TrayState): string | undefined {
  if (gateway.phase === 'failed') return gateway.message
  if (gateway.phase === 'waiting') return `${gateway.message} It is started again.`
  if (gateway.phase !== 'running' || snapshot === undefined) return undefined
  return configTrouble(snapshot.status) ?? providerTrouble(snapshot.requests) ?? tierTrouble(snapshot.routers)
}

/** The sentence for the budget or quota nearest to its end, from 80 % on; undefined while all have room. */
export function findLimitTrouble({ gateway, snapshot }: TrayState): string | undefined {
  if (gateway.phase !== 'running') return undefined
  const [fullest] = snapshot?.limits ?? []
  return fullest !== undefined && isNear(fullest) ? limitWords(fullest) : undefined
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
