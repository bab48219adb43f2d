/** A TCP port of this machine on which somebody listens, reachable over loopback. */
export interface Listener {
  readonly port: number
  /** As it stands in a URL: `127.0.0.1` or `[::1]`. */
  readonly host: string
  /** Differs when another socket listens on the same port later. */
  readonly id: string
}

/** The process behind a listener; absent for other users' processes. */
export interface ListenerProcess {
  readonly pid: number
  readonly name: string
  /** Its parents, nearest first, as far as they are known. */
  readonly ancestors: readonly number[]
}

/** Tells who listens on this machine. Both ways never reject: what cannot be read is not there. */
export interface ListenerSource {
  /** True when `list` costs so little that it may be asked every second. */
  readonly cheap: boolean
  list(): Promise<readonly Listener[]>
  /** Processes by listener id. Dear: asked for new listeners only. */
  processesOf(listeners: readonly Listener[]): Promise<ReadonlyMap<string, ListenerProcess>>
}

/** One listener per port: a server on both loopback addresses is one server. */
export function onePerPort(listeners: readonly Listener[]): Listener[] {
  const byPort = new Map<number, Listener>()
  for (const listener of listeners) {
    const known = byPort.get(listener.port)
    if (known === undefined || (known.host !== '127.0.0.1' && listener.host === '127.0.0.1')) {
      byPort.set(listener.port, listener)
    }
  }
  return [...byPort.values()]
}
