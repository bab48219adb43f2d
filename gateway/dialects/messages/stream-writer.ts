import type { AnswerPart, OpenedPart } from '../../model/answer-parts.ts'
import type { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import type { OpaqueState } from '../../model/parts.ts'
import type { Usage } from '../../model/usage.ts'
import type { PartWriter, WriteContext } from '../codec.ts'
import { messageHead, stopFields, usageFields } from './answer-fields.ts'
import { carryState } from './carried-state.ts'
import { messagesErrorBody } from './error-body.ts'

/** A part of the answer on its way to becoming a block. */
interface Slot {
  readonly part: OpenedPart
  /** Text that was not written yet. */
  waiting: string
  ended: boolean
  opaque: readonly OpaqueState[]
  /** Index of its block once that is open. */
  block: number | undefined
  /** True once a block of this part held text: state of a text needs one to follow. */
  wrote: boolean
}

const ping = frame({ type: 'ping' })
const stop = frame({ type: 'message_stop' })

/**
 * Writes one stream of Messages events. Blocks stand strictly one after another, so what is said of a part while another
 * is open waits until that one ends; a text gives way at once, as it can go on in a block of its own later. No block is
 * opened before there is something to put into it.
 */
export class MessagesStreamWriter implements PartWriter {
  readonly #context: WriteContext
  readonly #slots = new Map<number, Slot>()
  /** Indexes of parts that still owe something, in the order of their blocks. */
  #queue: number[] = []
  #id: string | undefined
  #usage: Usage | null = null
  #started = false
  #blocks = 0
  #out: Buffer[] = []

  constructor(context: WriteContext) {
    this.#context = context
  }

  write(part: AnswerPart): readonly Buffer[] {
    this.#out = []
    this.#take(part)
    return this.#out
  }

  end(): Buffer {
    return stop
  }

  fail(error: GatewayError): Buffer {
    return frame({ ...messagesErrorBody(error, this.#context.callId), type: 'error' })
  }

  keepAlive(): Buffer {
    return ping
  }

  #take(part: AnswerPart): void {
    switch (part.type) {
      case 'start':
        this.#id = part.id
        return
      case 'usage':
        this.#usage = part.usage
        return
      case 'part-start':
        return this.#open(part.index, part.part)
      case 'part-delta':
        return this.#say(part.index, part.text)
      case 'part-end':
        return this.#close(part.index, part.opaque ?? [])
      case 'finish':
        return this.#finish(part)
      default:
        return
    }
  }

  #open(index: number, part: OpenedPart): void {
    this.#giveWay()
    this.#slots.set(index, { part, waiting: '', ended: false, opaque: [], block: undefined, wrote: false })
    this.#queue.push(index)
    this.#advance()
  }

  /** A text at the front lets the next part have its place and goes on later, if there is more of it. */
  #giveWay(): void {
    const front = this.#queue[0]
    const slot = front === undefined ? undefined : this.#slots.get(front)
    if (front === undefined || slot === undefined || this.#queue.length > 1 || !isText(slot.part)) return
    this.#endBlock(slot)
    this.#queue = []
  }

  #say(index: number, text: string): void {
    const slot = this.#slots.get(index)
    if (slot === undefined || slot.ended) return
    slot.waiting += text
    if (!this.#queue.includes(index)) this.#queue.push(index)
    this.#advance()
  }

  #close(index: number, opaque: readonly OpaqueState[]): void {
    const slot = this.#slots.get(index)
    if (slot === undefined || slot.ended) return
    slot.ended = true
    slot.opaque = opaque
    if (!this.#queue.includes(index)) this.#queue.push(index)
    this.#advance()
  }

  /** Writes what the part at the front has, and goes to the next one as often as the front is done. */
  #advance(): void {
    for (;;) {
      const front = this.#queue[0]
      const slot = front === undefined ? undefined : this.#slots.get(front)
      if (front === undefined || slot === undefined) return
      this.#writeSlot(slot)
      // A text that gave way and came back makes room again as soon as others wait.
      const isDone = slot.ended || (isText(slot.part) && this.#queue.length > 1)
      if (!isDone) return
      this.#endSlot(slot)
      this.#queue.shift()
    }
  }

  #writeSlot(slot: Slot): void {
    const { part } = slot
    if (part.type === 'tool-call') {
      slot.block ??= this.#startBlock({ type: 'tool_use', id: part.id, name: part.name, input: {} })
      // The raw input of a freeform tool becomes JSON, which is whole only at its end.
      if (part.kind === 'custom' && !slot.ended) return
    }
    if (slot.waiting === '') return
    slot.block ??= this.#startBlock(
      part.type === 'reasoning' ? { type: 'thinking', thinking: '', signature: '' } : { type: 'text', text: '' },
    )
    this.#event({ type: 'content_block_delta', index: slot.block, delta: deltaOf(part, slot.waiting) })
    slot.waiting = ''
    slot.wrote = true
  }

  #endSlot(slot: Slot): void {
    if (slot.part.type === 'reasoning' && slot.block !== undefined) {
      const delta = { type: 'signature_delta', signature: carryState(slot.opaque) }
      this.#event({ type: 'content_block_delta', index: slot.block, delta })
    }
    const hasBlock = slot.block !== undefined
    this.#endBlock(slot)
    if (slot.opaque.length === 0 || (slot.part.type === 'reasoning' && hasBlock)) return
    const data = stateBeside(slot)
    const index = this.#startBlock({ type: 'redacted_thinking', data })
    this.#event({ type: 'content_block_stop', index })
  }

  #startBlock(block: JsonObject): number {
    this.#startMessage()
    const index = this.#blocks
    this.#blocks += 1
    this.#event({ type: 'content_block_start', index, content_block: block })
    return index
  }

  #endBlock(slot: Slot): void {
    if (slot.block === undefined) return
    this.#event({ type: 'content_block_stop', index: slot.block })
    slot.block = undefined
  }

  /** As late as it may be: the input tokens that it names are often known only a moment after the start. */
  #startMessage(): void {
    if (this.#started) return
    this.#started = true
    this.#event({
      type: 'message_start',
      message: {
        ...messageHead(this.#id, this.#context),
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { ...usageFields(this.#usage), output_tokens: 0 },
      },
    })
  }

  #finish(finish: Extract<AnswerPart, { type: 'finish' }>): void {
    this.#startMessage()
    for (const index of this.#slots.keys()) this.#close(index, [])
    this.#event({
      type: 'message_delta',
      delta: stopFields(finish.reason, finish.stopSequence),
      usage: usageFields(this.#usage),
    })
  }

  #event(event: JsonObject & { readonly type: string }): void {
    this.#out.push(frame(event))
  }
}

function isText(part: OpenedPart): boolean {
  return part.type === 'text' || part.type === 'refusal'
}

function deltaOf(part: OpenedPart, text: string): JsonObject {
  if (part.type === 'reasoning') return { type: 'thinking_delta', thinking: text }
  if (part.type !== 'tool-call') return { type: 'text_delta', text }
  return { type: 'input_json_delta', partial_json: part.kind === 'custom' ? JSON.stringify({ input: text }) : text }
}

/** State for a part whose block has no field for it. */
function stateBeside({ part, opaque, wrote }: Slot): string {
  if (part.type === 'tool-call') return carryState(opaque, { call: part.id })
  return isText(part) && wrote ? carryState(opaque, 'text') : carryState(opaque)
}

function frame(event: JsonObject & { readonly type: string }): Buffer {
  return Buffer.from(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
}
