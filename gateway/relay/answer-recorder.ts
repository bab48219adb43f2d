/**
 * Sees what goes to one client, in the order in which it goes: head, then pieces, then the end, each call in the turn in
 * which the bytes are handed to the socket. Must be quick and never throw. A request without one costs nothing.
 */
export interface AnswerRecorder {
  /** Once, before the first piece: status and headers as they are sent. */
  head(status: number, headers: Readonly<Record<string, string>>): void
  /** Bytes of the body. They are not changed afterwards, so they may be kept. Life signs of our own are left out. */
  piece(bytes: Buffer): void
  /**
   * Once, as the last call, also when no head was sent. `complete`: the client was given an answer of one upstream in
   * full, with its terminal event; false for an error, a break, a client that left and an answer of two upstreams.
   */
  end(complete: boolean): void
}
