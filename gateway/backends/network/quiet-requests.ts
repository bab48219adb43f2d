/** A host that sends no byte for longer is asked beside the request whether it is still there. */
const quietMs = 700
const longestWaitMs = 5_000
const firstWaitMs = 250

/** Decides when a host is asked beside its running requests. A server that thinks long is asked less and less often. */
export class QuietRequests {
  readonly #asked = new Map<string, { readonly at: number; readonly times: number }>()

  /**
   * True when the host should be asked now; counts as asked then.
   *
   * @param running ms since its last byte, undefined = no request runs @param isSilent true when the last try was not answered
   */
  isDue(host: string, running: { readonly quietMs: number } | undefined, isSilent: boolean, now: number): boolean {
    if (running === undefined || running.quietMs < quietMs) {
      this.#asked.delete(host)
      return false
    }
    const last = this.#asked.get(host) ?? { at: -Infinity, times: 0 }
    const waitMs = isSilent ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** last.times)
    if (now - last.at < waitMs) return false
    this.#asked.set(host, { at: now, times: last.times + 1 })
    return true
  }
}
