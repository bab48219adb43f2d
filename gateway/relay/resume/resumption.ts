import type { Attempt } from '../attempt.ts'
import type { CallOnWire, CallPreparer } from '../prepare-call.ts'
import type { Candidate } from '../../routing/plan-types.ts'
import { type BegunStream, TranslatedStream } from '../translated-stream.ts'
import { resumePoint, type ResumePoint } from './resume-point.ts'

/**
 * `signalbox.mid_stream: resume`: keeps what the client has of a stream, so that another candidate can go on from there
 * when it breaks. One for each request that may be resumed.
 */
export class Resumption {
  readonly #calls: CallPreparer
  #sent: Buffer[] = []
  #begun: BegunStream | undefined
  #point: ResumePoint | undefined

  constructor(calls: CallPreparer) {
    this.#calls = calls
  }

  /** Bytes of this attempt went to the client. What we wrote ourselves is known from its parts. */
  keep(attempt: Attempt | undefined, pieces: readonly Buffer[]): void {
    if (!(attempt?.stream instanceof TranslatedStream)) this.#sent.push(...pieces)
  }

  /** The stream of this attempt broke. False when nobody can go on from where it did. */
  breakAt(attempt: Attempt): boolean {
    if (!this.#calls.isStitchable()) return false
    const begun = this.#takeOver(attempt)
    const point = begun === undefined ? undefined : resumePoint(begun.parts)
    // Output that we cannot read as text cannot be gone on from.
    if (begun === undefined || point === undefined || (attempt.spoke && point.text === '')) return false
    this.#begun = begun
    this.#point = point
    this.#sent = []
    return true
  }

  #takeOver({ stream, task }: Attempt): BegunStream | undefined {
    if (stream instanceof TranslatedStream) return stream.begun
    return this.#calls.takeOver(Buffer.concat(this.#sent), task.wire, task.candidate.defaults)
  }

  /** Undefined until a stream broke. */
  get begun(): BegunStream | undefined {
    return this.#begun
  }

  /** Text that the client has, in characters; undefined until a stream broke. */
  get seam(): number | undefined {
    return this.#point?.text.length
  }

  /** @throws GatewayError when the request cannot be written for this candidate; undefined when no stream broke */
  prepare(candidate: Candidate): CallOnWire | undefined {
    if (this.#begun === undefined || this.#point === undefined) return undefined
    return this.#calls.prepareRest(candidate, this.#begun, this.#point)
  }
}

/** The seam as the stream tells it, in a form that its readers pass over. Pure. */
export function seamComment(group: string): Buffer {
  return Buffer.from(`: signalbox: the stream broke; ${group.replaceAll(/[^\x20-\x7e]/g, '?')} goes on\n\n`)
}
