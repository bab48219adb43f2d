import type { TraceTarget } from '../../config/gateway-config.ts'
import type { RequestRecord } from '../../ledger/request-record.ts'
import { attributesOf, type OtlpSpan, spansOf } from './spans.ts'

/*
 * OTLP over HTTP in its JSON encoding, written here: what is sent is one message of a stable protocol, made of rows that
 * exist anyway. OpenTelemetry's SDK for it is ten packages with a context manager and patched globals, none of which
 * would be used.
 */

/** What came of one POST: the status, or undefined when nobody answered. */
export type PostSpans = (target: TraceTarget, body: Buffer) => Promise<number | undefined>

export interface ExporterOptions {
  readonly version: string
  readonly post: PostSpans
  readonly logger: { warn(fields: object, message: string): void }
  /** Waits; tests bring their own. */
  readonly sleep: (ms: number) => Promise<void>
}

/** Requests that wait to be sent; above it the oldest are dropped, which is logged. */
const mostWaiting = 4_096
const mostPerPost = 256
/** Pauses before the repeats of a post that may work later. */
const pausesMs = [1_000, 5_000, 15_000] as const

/** Sends finished requests to one target, one post at a time. Never fails a request and never waits for one. */
export class OtlpExporter {
  readonly #target: TraceTarget
  readonly #options: ExporterOptions
  #waiting: RequestRecord[] = []
  #dropped = 0
  #sending: Promise<void> | undefined

  constructor(target: TraceTarget, options: ExporterOptions) {
    this.#target = target
    this.#options = options
  }

  add(record: RequestRecord): void {
    this.#waiting.push(record)
    if (this.#waiting.length <= mostWaiting) return
    this.#waiting.shift()
    this.#dropped += 1
  }

  /** Sends what waits; resolves when it was taken or given up. */
  flush(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined
    })
    return this.#sending
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const records = this.#waiting.slice(0, mostPerPost)
      this.#waiting = this.#waiting.slice(records.length)
      await this.#send(records)
    }
    if (this.#dropped === 0) return
    this.#options.logger.warn(
      { target: this.#target.name, requests: this.#dropped },
      'traces were dropped: too many waited',
    )
    this.#dropped = 0
  }

  async #send(records: readonly RequestRecord[]): Promise<void> {
    const body = exportBody(records.flatMap(spansOf), this.#target, this.#options.version)
    for (const pause of [...pausesMs, undefined]) {
      const status = await this.#options.post(this.#target, body)
      if (status !== undefined && status < 300) return
      if (pause === undefined || !mayWorkLater(status)) {
        const fields = { target: this.#target.name, status: status ?? null, requests: records.length }
        this.#options.logger.warn(fields, 'traces were not taken and are dropped')
        return
      }
      await this.#options.sleep(pause)
    }
  }
}

/** The statuses that OTLP/HTTP calls retryable, and no answer at all. */
function mayWorkLater(status: number | undefined): boolean {
  return status === undefined || status === 429 || status === 502 || status === 503 || status === 504
}

/** An ExportTraceServiceRequest. Pure. */
export function exportBody(
  spans: readonly OtlpSpan[],
  { serviceName, resource }: TraceTarget,
  version: string,
): Buffer {
  const attributes = attributesOf({ ...resource, 'service.name': serviceName, 'service.version': version })
  const scopeSpans = [{ scope: { name: 'signalbox', version }, spans }]
  return Buffer.from(JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans }] }))
}
