import type { Ledger } from '../ledger/ledger.ts'
import type { RequestRecord } from '../ledger/request-record.ts'
import type { ActivityListener } from './activity.ts'
import type { RelayLogger } from './relay-logger.ts'
import type { RelayRequest } from './relay-request.ts'

export interface SettlementDependencies {
  readonly ledger: Ledger
  readonly activity: ActivityListener
  readonly logger: RelayLogger
}

/** Settles one request exactly once: its row is committed, then the last bytes go out, then everybody hears of it. */
export class Settlement {
  readonly #request: RelayRequest
  readonly #dependencies: SettlementDependencies
  readonly #onSettled: () => void
  #begun = false

  constructor(request: RelayRequest, dependencies: SettlementDependencies, onSettled: () => void) {
    this.#request = request
    this.#dependencies = dependencies
    this.#onSettled = onSettled
  }

  /** True from the moment at which the end of the request is decided. */
  get begun(): boolean {
    return this.#begun
  }

  /** `send` writes the last bytes. An answer is not withheld because its row could not be kept. */
  commit(makeRecord: () => RequestRecord, send: () => void): void {
    if (this.#begun) return
    this.#begun = true
    const record = makeRecord()
    const { ledger, activity, logger } = this.#dependencies
    ledger.commit(record, (failure) => {
      if (failure !== undefined)
        logger.error({ callId: record.id, err: failure }, 'a request could not be kept in the ledger')
      send()
      this.#request.onFinished?.(record)
      activity.finished(record)
      this.#onSettled()
    })
  }
}
