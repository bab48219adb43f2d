import { setTimeout as sleep } from 'node:timers/promises'
import type { TraceTarget } from '../config/gateway-config.ts'
import type { ActivityListener } from '../relay/activity.ts'
import type { UpstreamDispatcher } from '../upstream/dispatch.ts'
import { createMetrics, type Metrics, type MetricsDependencies } from './metrics.ts'
import { createPostSpans } from './traces/post-spans.ts'
import { createTracing } from './traces/tracing.ts'

export interface ObservationOptions extends MetricsDependencies {
  readonly version: string
  readonly upstream: Pick<UpstreamDispatcher, 'send'>
  readonly traces: () => readonly TraceTarget[]
  readonly logger: { warn(fields: object, message: string): void }
}

/** What is told of requests to the outside: counters for whoever asks, traces for whoever was configured. */
export interface Observation {
  readonly listener: ActivityListener
  readonly metrics: Metrics['text']
  /** Sends the traces that wait, for a moment. */
  close(): Promise<void>
}

/** A stop does not wait longer for a collector. */
const lastPostMs = 2_000

export function createObservation(options: ObservationOptions): Observation {
  const { version, logger, upstream, traces } = options
  const metrics = createMetrics(options)
  const tracing = createTracing({
    version,
    logger,
    targets: traces,
    load: () => import('./traces/otlp-exporter.ts'),
    post: createPostSpans(upstream),
    sleep: async (ms) => {
      await sleep(ms, undefined, { ref: false })
    },
  })
  return {
    listener: {
      started: () => {},
      firstToken: () => {},
      finished(record) {
        metrics.finished(record)
        tracing.finished(record)
      },
    },
    metrics: metrics.text,
    close: () => tracing.close(lastPostMs),
  }
}
