import type { RoutingSnapshot } from './plan-types.ts'

/** The parts of a snapshot that only a running gateway knows, for plans that are made without one: everything is idle and healthy. */
export const quietSnapshot: Pick<RoutingSnapshot, 'condition' | 'priceOf' | 'bytesPerToken'> = {
  condition: () => undefined,
  priceOf: () => undefined,
  bytesPerToken: () => undefined,
}
