import type { TraceTarget } from '../../config/gateway-config.ts'
import type { RequestRecord } from '../../ledger/request-record.ts'
import type { ExporterOptions, OtlpExporter } from './otlp-exporter.ts'

export interface Tracing {
  finished(record: RequestRecord): void
  /** Sends what waits, for at most `withinMs`. */
  close(withinMs: number): Promise<void>
}

export interface TracingOptions extends ExporterOptions {
  /** Where traces go; read anew for each request. Without any nothing is loaded. */
  readonly targets: () => readonly TraceTarget[]
  /** Loads the exporter when the first trace is to be sent. */
  readonly load: () => Promise<{
    readonly OtlpExporter: new (target: TraceTarget, options: ExporterOptions) => OtlpExporter
  }>
}

/** How long requests are gathered before they are sent together. */
const gatherMs = 2_000

export function createTracing(options: TracingOptions): Tracing {
  const exporters = new Map<TraceTarget, Promise<OtlpExporter>>()
  let timer: NodeJS.Timeout | undefined

  const exporterOf = (target: TraceTarget): Promise<OtlpExporter> => {
    const known = exporters.get(target)
    if (known !== undefined) return known
    const made = options.load().then(({ OtlpExporter: Exporter }) => new Exporter(target, options))
    exporters.set(target, made)
    return made
  }
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const current = new Set(options.targets())
    await Promise.all([...exporters.values()].map(async (exporter) => (await exporter).flush()))
    // Those of an earlier configuration have nothing more to come.
    for (const target of exporters.keys()) if (!current.has(target)) exporters.delete(target)
  }
  return {
    finished(record) {
      const targets = options.targets()
      if (targets.length === 0) return
      for (const target of targets) void exporterOf(target).then((exporter) => exporter.add(record))
      timer ??= setTimeout(() => void flush(), gatherMs).unref()
    },
    async close(withinMs) {
      if (exporters.size === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const deadline = setTimeout(resolve, withinMs)
      await Promise.race([flush(), promise])
      clearTimeout(deadline)
    },
  }
}
