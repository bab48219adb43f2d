import type { AnswerPart, FinishReason } from '../../model/answer-parts.ts'
import type { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import { sealState } from '../../model/sealed-state.ts'
import type { Usage } from '../../model/usage.ts'
import type { PartWriter, StreamIdentity, WriteContext } from '../codec.ts'
import { sealAttached } from './attached-state.ts'
import { calledClientTool, clientToolCall } from './client-tools.ts'
import { failedResponseError } from './error-body.ts'
import { itemForm, type ItemForm, type ItemStatus, type Place } from './output-items.ts'
import { PartQueue, type QueuedPart } from './part-queue.ts'
import { isIncomplete, itemId, responseObject, type ResponseState } from './response-object.ts'

/** The item that is being written. */
interface LiveItem {
  readonly form: ItemForm
  readonly place: Place
  text: string
  opened: boolean
}

/**
 * Writes one answer as Responses events: numbered without gaps, one item after the other, each added before its first
 * delta and told whole when done, and one terminal event with the whole response.
 */
export class ResponseWriter implements PartWriter {
  readonly #context: WriteContext
  readonly #queue = new PartQueue()
  readonly #output: JsonObject[] = []
  #events: JsonObject[] = []
  #sequence = 0
  #started = false
  #live: LiveItem | undefined
  #usage: Usage | null = null
  #finish: FinishReason | undefined
  #ending: Buffer | undefined

  constructor(context: WriteContext) {
    this.#context = context
  }

  write(part: AnswerPart): readonly Buffer[] {
    this.#start()
    if (part.type === 'usage') this.#usage = part.usage
    else if (part.type === 'finish') this.#finish = part.reason
    else this.#queue.take(part)
    this.#advance()
    const bytes = this.#flush()
    return bytes.length === 0 ? [] : [bytes]
  }

  end(): Buffer {
    if (this.#ending !== undefined) return this.#ending
    this.#start()
    this.#finish ??= 'stop'
    this.#advance()
    const type = isIncomplete(this.#finish) ? 'response.incomplete' : 'response.completed'
    this.#emit({ type, response: this.response() })
    this.#ending = this.#flush()
    return this.#ending
  }

  fail(error: GatewayError): Buffer {
    this.#start()
    this.#emit({
      type: 'response.failed',
      response: this.#object({ status: 'failed', error: failedResponseError(error) }),
    })
    return this.#flush()
  }

  takeOver({ nextSequence }: StreamIdentity): void {
    this.#sequence = nextSequence ?? this.#sequence
  }

  /** A comment would not reset Codex's idle timer, which runs between events. */
  keepAlive(): Buffer {
    if (!this.#start()) this.#emit({ type: 'response.in_progress', response: this.#object({ status: 'in_progress' }) })
    return this.#flush()
  }

  /** The whole answer; `finish` must have come. */
  response(): JsonObject {
    return this.#object({ status: isIncomplete(this.#finish) ? 'incomplete' : 'completed' })
  }

  #object(state: Pick<ResponseState, 'status' | 'error'>): JsonObject {
    const finish = this.#finish === undefined ? {} : { finish: this.#finish }
    return responseObject(this.#context, { ...state, ...finish, output: this.#output, usage: this.#usage })
  }

  /** True when this call began the stream. */
  #start(): boolean {
    if (this.#started) return false
    this.#started = true
    const response = this.#object({ status: 'in_progress' })
    this.#emit({ type: 'response.created', response }, { type: 'response.in_progress', response })
    return true
  }

  /** Writes what can be written: the live part's text, and its end once it is known whether it is whole. */
  #advance(): void {
    for (let queued = this.#queue.live; queued !== undefined; queued = this.#queue.live) {
      this.#writeText(queued)
      // A call's end waits for what follows: only then is it known not to be cut off.
      const isKnown = this.#finish !== undefined || this.#queue.hasNext || queued.part.type !== 'tool-call'
      if (!(queued.ended && isKnown) && this.#finish === undefined) return
      this.#close(queued)
      this.#queue.shift()
    }
  }

  #writeText(queued: QueuedPart): void {
    if (this.#builtIn(queued) !== undefined) return
    // Calls show at once; anything else only with its first text, so that nothing empty is ever opened.
    if (queued.part.type !== 'tool-call' && queued.pending === '') return
    const live = this.#liveItem(queued)
    if (queued.pending === '') return
    this.#openText(live)
    live.text += queued.pending
    this.#emit(live.form.delta(live.place, queued.pending))
    queued.pending = ''
  }

  #liveItem(queued: QueuedPart): LiveItem {
    if (this.#live !== undefined) return this.#live
    const form = itemForm(queued.part)
    const output_index = this.#output.length
    const item_id = itemId(form.idPrefix, this.#context, output_index)
    this.#live = { form, place: { item_id, output_index }, text: '', opened: false }
    this.#emit({ type: 'response.output_item.added', output_index, item: form.added(item_id) })
    return this.#live
  }

  #openText(live: LiveItem): void {
    if (live.opened) return
    live.opened = true
    this.#emit(...live.form.open(live.place))
  }

  #close(queued: QueuedPart): void {
    const { part, opaque } = queued
    const builtIn = this.#builtIn(queued)
    if (builtIn !== undefined) this.#addWhole(builtIn, 'lsh')
    else if (part.type === 'reasoning') this.#closeReasoning(queued)
    else if (this.#live !== undefined) this.#closeItem(queued, this.#live)
    if (opaque.length === 0 || part.type === 'reasoning') return
    this.#addState(sealAttached(opaque, part.type === 'tool-call' ? part.id : null))
  }

  #closeItem(queued: QueuedPart, live: LiveItem): void {
    if (queued.part.type === 'tool-call' && queued.part.kind === 'function' && live.text === '') {
      live.text = '{}'
      this.#emit(live.form.delta(live.place, live.text))
    }
    this.#emit(...live.form.close(live.place, live.text, queued.notes))
    this.#done(live, live.form.done(live.place.item_id, live.text, this.#statusOf(queued), queued.notes))
  }

  #closeReasoning(queued: QueuedPart): void {
    if (this.#live === undefined && queued.opaque.length === 0) return
    const live = this.#liveItem(queued)
    if (live.opened) this.#emit(...live.form.close(live.place, live.text, {}))
    const sealed = queued.opaque.length === 0 ? {} : { encrypted_content: sealState(queued.opaque) }
    this.#done(live, { ...live.form.done(live.place.item_id, live.text, 'completed', {}), ...sealed })
  }

  #done(live: LiveItem, item: JsonObject): void {
    this.#emit({ type: 'response.output_item.done', output_index: live.place.output_index, item })
    this.#output.push(item)
    this.#live = undefined
  }

  /** Only the last part of an answer that broke off can be broken itself. */
  #statusOf(queued: QueuedPart): ItemStatus {
    const isLast = !this.#queue.hasNext
    return !queued.ended || (isLast && isIncomplete(this.#finish)) ? 'incomplete' : 'completed'
  }

  #addState(encrypted_content: string): void {
    this.#addWhole({ type: 'reasoning', summary: [], encrypted_content }, 'rs')
  }

  #addWhole(item: JsonObject, prefix: string): void {
    const output_index = this.#output.length
    const whole = { id: itemId(prefix, this.#context, output_index), ...item }
    this.#emit({ type: 'response.output_item.added', output_index, item: whole })
    this.#emit({ type: 'response.output_item.done', output_index, item: whole })
    this.#output.push(whole)
  }

  /** The item for a call of a tool that the client runs under a type of its own. */
  #builtIn({ part, pending }: QueuedPart): JsonObject | undefined {
    if (part.type !== 'tool-call' || part.namespace !== undefined) return undefined
    const type = calledClientTool(part.name, this.#context.request.echo?.tools)
    return type === undefined ? undefined : { ...clientToolCall(type, part.id, pending), status: 'completed' }
  }

  #emit(...events: readonly JsonObject[]): void {
    for (const { type, ...event } of events) {
      this.#events.push({ type: type ?? '', sequence_number: this.#sequence, ...event })
      this.#sequence += 1
    }
  }

  #flush(): Buffer {
    const text = this.#events.map((event) => `event: ${event.type as string}\ndata: ${JSON.stringify(event)}\n\n`)
    this.#events = []
    return Buffer.from(text.join(''))
  }
}
