import type { Identity } from '../access/identity.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null on routes that need no key. Set by the gate before the body is read. */
    identity: Identity | null
    /** ms since the epoch when the head of the request had arrived. */
    startedAt: number
    /** The monotonic clock in ms at the same moment. */
    startedMonotonic: number
  }
}
