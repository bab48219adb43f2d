import type { Clock } from './clock.ts'
import type { Logger } from './logger.ts'
import type { Service } from './service.ts'

export interface ApplicationOptions {
  /** In the order of starting; stopped from the last to the first. */
  readonly services: readonly Service[]
  readonly clock: Clock
  readonly logger: Logger
  /** How long one service may take to stop, ms. */
  readonly stopLimitMs: number
}

export type Application = ReturnType<typeof createApplication>

/**
 * Starts the services one after the other and stops those that started, last first. A failing start stops what was
 * started and rejects. A failing or slow stop is logged and does not keep the others from stopping.
 */
export function createApplication({ services, clock, logger, stopLimitMs }: ApplicationOptions) {
  const started: Service[] = []
  let stopping: Promise<void> | undefined

  const stopOne = async (service: Service) => {
    const begun = clock.now()
    try {
      await withDeadline(clock, stopLimitMs, service)
      logger.info('service-stopped', { service: service.name, durationMs: clock.now() - begun })
    } catch (error) {
      logger.error('service-stop-failed', { service: service.name, reason: String(error) })
    }
  }

  const stopAll = async () => {
    while (true) {
      const service = started.pop()
      if (service === undefined) return
      await stopOne(service)
    }
  }

  return {
    async start(): Promise<void> {
      for (const service of services) {
        // Quitting can begin while the app still starts.
        if (stopping !== undefined) return
        try {
          await service.start()
          started.push(service)
        } catch (error) {
          logger.error('service-start-failed', { service: service.name, reason: String(error) })
          await this.stop()
          throw error
        }
      }
    },
    /** Idempotent: every call gives the same end. */
    stop(): Promise<void> {
      stopping ??= stopAll()
      return stopping
    },
  }
}

async function withDeadline(clock: Clock, limitMs: number, service: Service): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const cancel = clock.after(limitMs, () => reject(new Error(`${service.name} did not stop within ${limitMs} ms`)))
  try {
    await Promise.race([service.stop(), promise])
  } finally {
    cancel()
  }
}
