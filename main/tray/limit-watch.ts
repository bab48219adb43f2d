import type { ControlClient } from '../../gateway/contract/control-client.ts'
import type { NetworkView } from '../../gateway/contract/network.ts'
import type { GatewayStatus } from '../../gateway/contract/status.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import { type Limit, limitsOf } from './limits.ts'

/** What the tray asks beside the stream of events. */
export type TrayQuestion = 'keys' | 'quotas' | 'network' | 'status'

type VanishedModels = NonNullable<GatewayStatus['vanishedModels']>

export interface LimitWatchOptions {
  /** Of the running gateway; undefined while none runs. */
  readonly control: () => Pick<ControlClient, TrayQuestion> | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly onLimits: (limits: readonly Limit[]) => void
  readonly onNetwork: (network: NetworkView) => void
  /** Models that vanished: they may while nothing is asked, and then no event tells of them. */
  readonly onVanished: (models: VanishedModels) => void
}

/** After a request ended: its cost may have used a budget up. Many that end together are one question. */
const afterRequestMs = 1_000
/** While nothing is asked: periods end by themselves, and other programs may change keys. */
const idleMs = 60_000

/**
 * Asks the gateway for what its events do not carry: budgets and quotas, again after requests and once a minute; and the
 * network once, as later changes are events. A question that fails is asked again at the next occasion.
 */
export function createLimitWatch({ control, clock, logger, onLimits, onNetwork, onVanished }: LimitWatchOptions) {
  let cancel: (() => void) | undefined
  let dueAt = Number.POSITIVE_INFINITY
  /** Answers to questions of an earlier time are not heard. */
  let era = 0

  const schedule = (ms: number) => {
    const at = clock.now() + ms
    if (at >= dueAt) return
    cancel?.()
    dueAt = at
    cancel = clock.after(ms, () => void look())
  }

  const look = async () => {
    cancel = undefined
    dueAt = Number.POSITIVE_INFINITY
    const asked = era
    await ask('limits', async (client) => {
      const [{ keys }, quotas, status] = await Promise.all([client.keys(), client.quotas(), client.status()])
      if (asked !== era) return
      onLimits(limitsOf(keys, quotas, clock.now()))
      onVanished(status.vanishedModels ?? [])
    })
    if (asked === era) schedule(idleMs)
  }

  const ask = async (what: string, call: (client: NonNullable<ReturnType<typeof control>>) => Promise<void>) => {
    const client = control()
    if (client === undefined) return
    try {
      await call(client)
    } catch (error) {
      logger.info('tray-question-failed', { what, reason: (error as Error).name })
    }
  }

  return {
    /** A gateway is followed from now on. */
    begin(): void {
      this.stop()
      const asked = era
      void look()
      void ask('network', async (client) => {
        const network = await client.network()
        if (asked === era) onNetwork(network)
      })
    },
    /** A request has ended. */
    touch(): void {
      schedule(afterRequestMs)
    },
    stop(): void {
      era += 1
      cancel?.()
      cancel = undefined
      dueAt = Number.POSITIVE_INFINITY
    },
  }
}
