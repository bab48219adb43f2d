/** One limit of one deployment, for people. */
export interface LimitView {
  /** `requests per minute`, `parallel requests`. */
  readonly limit: string
  /** Undefined = the upstream told only what is left. */
  readonly most: number | undefined
  readonly used: number | undefined
  readonly left: number
  /** When all of it is there again, in ms since the epoch; undefined = when running requests end, or not known. */
  readonly resetsAt: number | undefined
  /** `header`: learned from the upstream's answers. */
  readonly knownFrom: 'config' | 'header'
}
