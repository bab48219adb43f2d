import type { ConfigSource } from './config/config-source.ts'
import type { GatewayStatus } from './contract/status.ts'
import type { GatewayDeployments } from './gateway-deployments.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { Relay } from './relay/relay-request.ts'
import { listModels } from './routing/list-models.ts'
import type { PauseState } from './pause-state.ts'
import type { RoutingState } from './routing-state.ts'

export interface StatusDependencies {
  readonly version: string
  readonly now: () => number
  readonly config: ConfigSource
  readonly relay: Relay
  readonly ledger: Pick<Ledger, 'spendSince'>
  readonly routing: RoutingState
  readonly pause: Pick<PauseState, 'view'>
  /** Sentences for the person who runs the gateway. */
  readonly notices: () => readonly string[]
  readonly deployments: Pick<GatewayDeployments, 'vanishedModels'>
  /** Where clients reach the gateway (empty before it listens), and whether it is stopping: read at each call. */
  readonly place: { readonly url: string; readonly draining: boolean }
}

/** Gives a reader of the gateway's state, as the interface, the tray and `doctor` show it. */
export function createStatusReader(dependencies: StatusDependencies): () => Promise<GatewayStatus> {
  const { version, now, config, relay, ledger, routing, pause, notices, deployments, place } = dependencies
  const startedAt = now()
  return async () => {
    const told = notices()
    const { since: pausedSince } = pause.view()
    const vanishedModels = deployments.vanishedModels()
    const { lastTier, ...spend } = await ledger.spendSince(new Date(now()).setHours(0, 0, 0, 0))
    return {
      version,
      url: place.url,
      startedAt,
      phase: place.draining ? 'draining' : 'running',
      inFlight: relay.inFlight,
      ...(pausedSince === null ? {} : { pausedSince }),
      models: listModels(routing.snapshot(undefined)).length,
      demo: routing.demo(),
      config: {
        path: config.current().path,
        revision: config.current().revision,
        problems: [...config.problems()],
        refused: config.refused(),
        restartNeeded: [...config.restartNeeded()],
      },
      ...(told.length === 0 ? {} : { notices: [...told] }),
      ...(vanishedModels.length === 0 ? {} : { vanishedModels: [...vanishedModels] }),
      spendToday: {
        requests: spend.requests,
        billedNanoUsd: spend.billedNanoUsd,
        demoNanoUsd: spend.demoNanoUsd,
        unknownPriced: spend.unknownPriced,
      },
      lastTier: lastTier ?? null,
    }
  }
}
