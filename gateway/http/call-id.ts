import { randomUUID } from 'node:crypto'

/**
 * A UUID version 7 (RFC 9562): call ids sort by time, which keeps the ledger's index compact.
 * @param now ms since the epoch
 */
export function createCallId(now: number): string {
  const time = now.toString(16).padStart(12, '0')
  // Version 4 has its random bits and its variant where version 7 wants them; only the first 52 bits differ.
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${randomUUID().slice(15)}`
}

/** The id a client asks to keep (`x-litellm-call-id`), when it is fit for a header, a key and a log line. */
export function readWantedCallId(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && /^[A-Za-z0-9._:-]{1,128}$/u.test(value) ? value : undefined
}
