import type { PartWriter } from '../dialects/codec.ts'
import type { AnswerPart } from '../model/answer-parts.ts'
import { gatherAnswer, type ModelAnswer } from '../model/answer.ts'
import type { GatewayError } from '../model/errors.ts'
import type { Usage } from '../model/usage.ts'
import type { AnswerReader, StreamTap } from '../providers/provider.ts'

/** A stream of which the client has some: all its parts so far, and the writer that knows what it has written. */
export interface BegunStream {
  readonly parts: readonly AnswerPart[]
  readonly writer: PartWriter
}

/** A stream on its way from one wire to another dialect: what the upstream's reader reads, the client's writer writes. */
export class TranslatedStream implements StreamTap {
  readonly #reader: AnswerReader
  readonly #writer: PartWriter
  readonly #onComplete: (answer: ModelAnswer) => readonly string[]
  readonly #seen: AnswerPart[]
  /** Parts of another stream, which this one goes on from. */
  readonly #before: number
  readonly warnings: string[] = []
  sawOutput = false
  complete = false
  terminated = false
  usage: Usage | null = null
  failure: GatewayError | undefined

  /**
   * `onComplete` hears of the whole answer before its end is written, and gives warnings. `before`: parts that the writer
   * has written already, where the stream goes on from another one.
   */
  constructor(
    reader: AnswerReader,
    writer: PartWriter,
    onComplete: (answer: ModelAnswer) => readonly string[],
    before: readonly AnswerPart[] = [],
  ) {
    this.#reader = reader
    this.#writer = writer
    this.#onComplete = onComplete
    this.#seen = [...before]
    this.#before = before.length
  }

  /** Everything that was written so far, and who writes. */
  get begun(): BegunStream {
    return { parts: this.#seen, writer: this.#writer }
  }

  get spokenBytes(): number {
    const texts = this.#seen.slice(this.#before).map((part) => (part.type === 'part-delta' ? part.text : ''))
    return Buffer.byteLength(texts.join(''))
  }

  feed(chunk: Buffer): readonly Buffer[] {
    return this.#isOver() ? [] : this.#write(this.#reader.feed(chunk))
  }

  finish(): readonly Buffer[] {
    return this.#isOver() ? [] : this.#write(this.#reader.finish())
  }

  get terminal(): Buffer {
    return this.#writer.end()
  }

  /** The writer knows what it has opened, so it closes the stream with an error itself. */
  fail(error: GatewayError): Buffer {
    return this.#writer.fail(error)
  }

  keepAlive(): Buffer {
    return this.#writer.keepAlive()
  }

  #isOver(): boolean {
    return this.terminated || this.failure !== undefined
  }

  #write(parts: readonly AnswerPart[]): Buffer[] {
    const pieces: Buffer[] = []
    for (const part of parts) {
      if (part.type === 'error') {
        this.failure = part.error
        return pieces
      }
      this.#note(part)
      pieces.push(...this.#writer.write(part))
    }
    return pieces
  }

  #note(part: AnswerPart): void {
    this.#seen.push(part)
    if (part.type === 'usage') this.usage = part.usage
    else if (part.type === 'warning') this.warnings.push(part.text)
    else if (part.type === 'part-delta') this.sawOutput = true
    else if (part.type === 'part-start') this.sawOutput ||= part.part.type === 'tool-call'
    else if (part.type === 'finish') {
      this.sawOutput = true
      this.complete = true
      this.terminated = true
      this.warnings.push(...this.#onComplete(gatherAnswer(this.#seen)))
    }
  }
}
