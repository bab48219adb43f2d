/** The newest request's share: the last dozen or so decide. */
const share = 0.1
/** Ratios outside of this come from pictures or from prompts that the upstream fills up itself: not from text. */
const least = 1
const most = 12

/** Bytes of a request's JSON per input token, learned from what a deployment counted. */
export class TokenRatio {
  #ratio: number | undefined

  note(requestBytes: number, inputTokens: number): void {
    const ratio = requestBytes / inputTokens
    // A short prompt's ratio is that of its frame.
    if (inputTokens < 50 || ratio < least || ratio > most) return
    this.#ratio = this.#ratio === undefined ? ratio : this.#ratio + (ratio - this.#ratio) * share
  }

  get bytesPerToken(): number | undefined {
    return this.#ratio
  }
}
