/** A part with a life. `stop` may be called once after a successful `start`, and must release everything. */
export interface Service {
  readonly name: string
  start(): Promise<void> | void
  stop(): Promise<void> | void
}
