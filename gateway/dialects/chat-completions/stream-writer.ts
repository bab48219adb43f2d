import type { AnswerPart, OpenedPart } from '../../model/answer-parts.ts'
import type { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import type { OpaqueState, ReasoningPart } from '../../model/parts.ts'
import type { TextNotes } from '../../model/text-notes.ts'
import type { Usage } from '../../model/usage.ts'
import type { PartWriter, WriteContext } from '../codec.ts'
import {
  doneEvent,
  envelope,
  eventOf,
  finishWord,
  keepAliveComment,
  writeAnnotations,
  writeCall,
  writeLogprobs,
  writeUsage,
} from './answer-shapes.ts'
import { callExtra, reasoningDetail, sealReasoning } from './carried-state.ts'
import { chatErrorEvent } from './error-body.ts'

interface OpenText {
  readonly type: 'text' | 'refusal' | 'reasoning'
  /** Characters of the texts before it. */
  readonly offset: number
  text: string
}

interface OpenCall {
  readonly type: 'tool-call'
  readonly part: Extract<OpenedPart, { type: 'tool-call' }>
  /** Place among the calls of the answer. */
  readonly position: number
  /** The first piece of the arguments, kept until a second one or the end: see `#addToCall`. */
  held: string | undefined
  sent: boolean
}

const deltaField = { text: 'content', refusal: 'refusal', reasoning: 'reasoning_content' } as const

/** Writes the chunks of one streamed chat completion: see PartWriter. */
export class ChatStreamWriter implements PartWriter {
  readonly #context: WriteContext
  readonly #head: JsonObject
  readonly #wantsUsage: boolean
  readonly #open = new Map<number, OpenText | OpenCall>()
  /** Reasoning with opaque state that has ended. */
  readonly #reasoning: ReasoningPart[] = []
  #reasoningInCalls = false
  #calls = 0
  #textLength = 0
  #begun = false
  #usage: Usage | undefined

  constructor(context: WriteContext) {
    this.#context = context
    this.#wantsUsage = context.request.wantsUsageChunk === true
    this.#head = envelope(context, 'chat.completion.chunk')
  }

  write(part: AnswerPart): readonly Buffer[] {
    switch (part.type) {
      case 'start':
        return this.#begin()
      case 'part-start':
        return this.#start(part.index, part.part)
      case 'part-delta':
        return this.#add(part.index, part.text)
      case 'part-end':
        return this.#end(part.index, part.opaque ?? [], part.notes)
      case 'usage':
        this.#usage = part.usage
        return []
      case 'finish':
        return this.#finish(part)
      default:
        return []
    }
  }

  end(): Buffer {
    if (!this.#wantsUsage || this.#usage === undefined) return doneEvent
    const usage = eventOf({ ...this.#head, choices: [], usage: writeUsage(this.#usage) })
    return Buffer.concat([usage, doneEvent])
  }

  fail(error: GatewayError): Buffer {
    return chatErrorEvent(error)
  }

  keepAlive(): Buffer {
    return keepAliveComment
  }

  /** The first chunk names the role. */
  #begin(): Buffer[] {
    if (this.#begun) return []
    this.#begun = true
    return [this.#chunk({ role: 'assistant', content: '' })]
  }

  #chunk(delta: JsonObject, finish: string | null = null, logprobs: JsonObject | null = null): Buffer {
    return eventOf({
      ...this.#head,
      choices: [{ index: 0, delta, logprobs, finish_reason: finish }],
      ...(this.#wantsUsage ? { usage: null } : {}),
    })
  }

  #start(index: number, part: OpenedPart): Buffer[] {
    if (part.type === 'tool-call') {
      this.#open.set(index, { type: 'tool-call', part, position: this.#calls, held: undefined, sent: false })
      this.#calls += 1
    } else this.#open.set(index, { type: part.type, offset: this.#textLength, text: '' })
    return this.#begin()
  }

  #add(index: number, text: string): Buffer[] {
    const open = this.#open.get(index)
    if (open === undefined || text === '') return []
    if (open.type === 'tool-call') return this.#addToCall(open, text)
    if (open.type === 'reasoning') open.text += text
    if (open.type === 'text') this.#textLength += text.length
    return [this.#chunk({ [deltaField[open.type]]: text })]
  }

  /**
   * Clients look for a call's signature in its first chunk, but it is known at the end. Upstreams that sign calls send
   * them whole, so the first piece waits for a second one or for the end.
   */
  #addToCall(call: OpenCall, text: string): Buffer[] {
    if (call.sent) return this.#calledArguments(call, text)
    if (call.held === undefined) {
      call.held = text
      return []
    }
    return [...this.#openCall(call, []), ...this.#calledArguments(call, text)]
  }

  #openCall(call: OpenCall, opaque: readonly OpaqueState[]): Buffer[] {
    call.sent = true
    const extra = callExtra(opaque, this.#sealedForCall())
    const written = { index: call.position, ...writeCall(call.part, call.held ?? ''), ...extra }
    return this.#callChunk(call, written)
  }

  #calledArguments(call: OpenCall, text: string): Buffer[] {
    const piece: JsonObject =
      call.part.kind === 'custom' ? { custom: { input: text } } : { function: { arguments: text } }
    return this.#callChunk(call, { index: call.position, ...piece })
  }

  /** The deprecated form has one call without index or id. */
  #callChunk(call: OpenCall, written: JsonObject): Buffer[] {
    if (this.#context.request.legacyFunctions !== true) return [this.#chunk({ tool_calls: [written] })]
    return call.position === 0 ? [this.#chunk({ function_call: written.function ?? {} })] : []
  }

  /** The first call carries the reasoning before it. */
  #sealedForCall(): string | undefined {
    if (this.#reasoningInCalls) return undefined
    const sealed = sealReasoning(this.#reasoning)
    this.#reasoningInCalls = sealed !== undefined
    return sealed
  }

  #end(index: number, opaque: readonly OpaqueState[], notes: TextNotes = {}): Buffer[] {
    const open = this.#open.get(index)
    this.#open.delete(index)
    if (open === undefined) return []
    if (open.type === 'reasoning') {
      if (opaque.length > 0) this.#reasoning.push({ type: 'reasoning', text: open.text, opaque })
      return []
    }
    if (open.type !== 'tool-call') return this.#noteText(open, notes)
    if (!open.sent) return this.#openCall(open, opaque)
    const extra = callExtra(opaque, undefined)
    return opaque.length === 0 ? [] : this.#callChunk(open, { index: open.position, ...extra })
  }

  /** What is known of a text once it is whole, in a chunk without text. */
  #noteText({ offset }: OpenText, notes: TextNotes): Buffer[] {
    const annotations = writeAnnotations(notes, offset)
    const logprobs = writeLogprobs(notes)
    if (annotations.length === 0 && logprobs === null) return []
    return [this.#chunk(annotations.length === 0 ? {} : { annotations }, null, logprobs)]
  }

  #finish({ reason }: Extract<AnswerPart, { type: 'finish' }>): Buffer[] {
    const begun = this.#begin()
    const open = [...this.#open.keys()].flatMap((index) => this.#end(index, []))
    const sealed = sealReasoning(this.#reasoning)
    const details = sealed === undefined ? [] : [this.#chunk({ reasoning_details: [reasoningDetail(sealed)] })]
    return [...begun, ...open, ...details, this.#chunk({}, finishWord(reason, this.#context))]
  }
}
