/**
 * Whether a host can be reached at all, as far as somebody else knows: routes, tunnels, a path that was lost. A host without
 * an entry is asked and judged by what its connections come to.
 */
export interface HostReachability {
  /** `host` as in a URL, without port. */
  of(host: string): HostState | undefined
  /** Called when any host's state changed; gives the way to end it. */
  onChange(listener: () => void): () => void
}

export interface HostState {
  /** `down`: nothing is sent there until it changes. */
  readonly state: 'up' | 'down'
  /** A sentence part: `cannot be reached: the VPN is off`. */
  readonly reason: string
  /** A sentence: what to do about it. */
  readonly remedy?: string
}

/** Nothing is known of any host. */
export const unknownReachability: HostReachability = {
  of: () => undefined,
  onChange: () => () => undefined,
}
