/** Streams of others are silent for this long at most before we say something. Clients and proxies give up after 60 s and more. */
const intervalMs = 15_000
/** So many silent intervals pass before a head goes out for the sake of a sign: from then on the status is 200. */
const intervalsBeforeHead = 2

/**
 * Keeps a client's idle timer from running out while we hold its stream: after 30 s without any answer the head goes out
 * with a first sign, later one follows each silent interval. A sign holds no output, so that another candidate may still
 * take over; what is given up is the status of an error, which then comes as an event of the stream (wire-formats §8.4).
 */
export class LifeSigns {
  readonly #reply: { readonly headSent: boolean }
  readonly #sign: () => void
  readonly #timer: NodeJS.Timeout
  #wrote = false
  #silent = 0

  /** `sign` writes one, and the head before it where that was not sent. */
  constructor(reply: { readonly headSent: boolean }, sign: () => void) {
    this.#reply = reply
    this.#sign = sign
    this.#timer = setInterval(() => this.#tick(), intervalMs)
  }

  /** Bytes went to the client. */
  wrote(): void {
    this.#wrote = true
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    this.#silent = this.#wrote ? 0 : this.#silent + 1
    this.#wrote = false
    if (this.#silent >= (this.#reply.headSent ? 1 : intervalsBeforeHead)) this.#sign()
  }
}
