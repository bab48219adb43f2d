import type { KeyStore } from '../access/key-store.ts'
import type { Limits } from '../access/open-limits.ts'
import type { GatewayDeployments } from '../gateway-deployments.ts'
import type { SqliteLedger } from '../ledger/sqlite-ledger.ts'
import type { Logger } from '../logging/logger.ts'
import { createClockWatch } from '../observe/clock-watch.ts'

export interface NoticeSources {
  readonly ledger: Pick<SqliteLedger, 'notices'>
  readonly limits: Pick<Limits, 'views'>
  readonly keys: Pick<KeyStore, 'list'>
  readonly deployments: Pick<GatewayDeployments, 'notices'>
  readonly logger: Pick<Logger, 'warn'>
}

const lookEveryMs = 10_000

/** What people should know now, a sentence each. The clock is also watched while nobody asks. */
export function openNotices(
  { ledger, limits, keys, deployments, logger }: NoticeSources,
  opened: AsyncDisposableStack,
): () => readonly string[] {
  const clock = createClockWatch({
    now: Date.now,
    monotonic: () => performance.now(),
    onStepBack: (notice) => logger.warn({ notice }, 'the clock was set back'),
  })
  const timer = setInterval(() => clock.notices(), lookEveryMs).unref()
  opened.defer(() => clearInterval(timer))
  return () => [...ledger.notices(), ...clock.notices(), ...limits.views.notices(keys.list()), ...deployments.notices()]
}
