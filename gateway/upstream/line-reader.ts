/** Largest single line that is kept in memory while it is incomplete. */
const maxLineBytes = 32 * 1024 * 1024

/**
 * Cuts newline-delimited JSON (application/x-ndjson) into its lines, wherever the network cut the bytes. Works on bytes up
 * to the line end, so no character can break. Empty lines are dropped.
 */
export class LineReader {
  #pending: Buffer[] = []
  #pendingBytes = 0

  /** The lines that these bytes complete. Throws RangeError when one line exceeds 32 MiB. */
  feed(chunk: Buffer): string[] {
    const end = chunk.lastIndexOf(0x0a)
    if (end === -1) {
      this.#keep(chunk)
      return []
    }
    const whole = Buffer.concat([...this.#pending, chunk.subarray(0, end)])
    this.#pending = []
    this.#pendingBytes = 0
    if (end + 1 < chunk.length) this.#keep(chunk.subarray(end + 1))
    return linesOf(whole)
  }

  /** At the end of the bytes: a last line without its line end. */
  finish(): string[] {
    const rest = Buffer.concat(this.#pending)
    this.#pending = []
    return linesOf(rest)
  }

  #keep(bytes: Buffer): void {
    this.#pendingBytes += bytes.length
    if (this.#pendingBytes > maxLineBytes) throw new RangeError('a line of the stream exceeds 32 MiB')
    this.#pending.push(bytes)
  }
}

function linesOf(bytes: Buffer): string[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
