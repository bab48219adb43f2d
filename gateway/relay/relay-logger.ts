/** The part of a logger that the relay uses. Fields only: never bodies, headers or messages of upstreams. */
export interface RelayLogger {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
