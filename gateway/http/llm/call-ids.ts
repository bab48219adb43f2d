import type { ServerResponse } from 'node:http'
import type { Ledger } from '../../ledger/ledger.ts'
import { createCallId } from '../call-id.ts'

/** Gives out the ids that clients ask for, each only once. */
export interface CallIds {
  /** The wanted id if no running or recorded request has it, else a fresh one. Held until the response closes. */
  claim(wanted: string, response: ServerResponse): Promise<string>
}

export function createCallIds({ ledger, now }: { ledger: Pick<Ledger, 'find'>; now: () => number }): CallIds {
  const running = new Set<string>()
  return {
    async claim(wanted, response) {
      // A response that closed already would never give the id back.
      if (running.has(wanted) || response.destroyed) return createCallId(now())
      running.add(wanted)
      response.once('close', () => running.delete(wanted))
      return (await ledger.find(wanted)) === undefined ? wanted : createCallId(now())
    },
  }
}
