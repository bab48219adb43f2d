import { Agent, buildConnector, ProxyAgent } from 'undici'
import type { ProxyAddress } from './proxy-settings.ts'

export type PooledAgent = Agent | ProxyAgent

/** Where an exchange gets its connection: kept ones by origin and connect deadline, or one that has never carried a request. */
export interface ConnectionPools {
  pooled(origin: string, connectMs: number, proxy: ProxyAddress | undefined): PooledAgent
  fresh(origin: string, connectMs: number, proxy: ProxyAddress | undefined): PooledAgent
  /** Destroys all connections that go straight to this host; what runs on them fails with `error`. The next ones are new. */
  drop(hostname: string, error: Error): void
  close(): Promise<void>
  destroy(): Promise<void>
}

interface Entry {
  readonly agent: PooledAgent
  /** Undefined for connections that a proxy makes. */
  readonly hostname: string | undefined
}

/** @param asksForLife hosts whose kernel is asked for a sign of life after each second without a byte (TCP keepalive) */
export function createConnectionPools(asksForLife: (hostname: string) => boolean = () => false): ConnectionPools {
  const pooled = new Map<string, Entry>()
  const repeating = new Set<Entry>()
  const entry = (origin: string, connectMs: number, proxy: ProxyAddress | undefined): Entry => {
    const { hostname } = new URL(origin)
    const agent = createAgent(connectMs, proxy, asksForLife(hostname) ? watchedLifeMs : undefined)
    return { agent, hostname: proxy === undefined ? hostname : undefined }
  }
  return {
    pooled(origin, connectMs, proxy) {
      // One agent for each origin, so that one host's connections can go without the others'.
      const key = proxy === undefined ? `${connectMs} ${origin}` : `${connectMs} ${proxy.uri}`
      const known = pooled.get(key)
      if (known !== undefined) return known.agent
      const made = entry(origin, connectMs, proxy)
      pooled.set(key, made)
      return made.agent
    },
    fresh(origin, connectMs, proxy) {
      const made = entry(origin, connectMs, proxy)
      repeating.add(made)
      // Closes after the one request it is given, which is dispatched in the same turn.
      queueMicrotask(() => {
        void made.agent.close().finally(() => repeating.delete(made))
      })
      return made.agent
    },
    drop(hostname, error) {
      for (const [key, each] of pooled) {
        if (each.hostname !== hostname) continue
        pooled.delete(key)
        void each.agent.destroy(error)
      }
      for (const each of repeating) if (each.hostname === hostname) void each.agent.destroy(error)
    },
    close: async () => {
      await Promise.all([...pooled.values()].map(({ agent }) => agent.close()))
    },
    destroy: async () => {
      await Promise.all([...pooled.values(), ...repeating].map(({ agent }) => agent.destroy()))
    },
  }
}

const watchedLifeMs = 1_000

function createAgent(connectMs: number, proxy: ProxyAddress | undefined, lifeMs: number | undefined): PooledAgent {
  const options = {
    allowH2: false,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
    maxHeaderSize: 64 * 1024,
  }
  // TLS is tunnelled; plain HTTP is asked for by its whole address, as most proxies allow tunnels to port 443 only.
  if (proxy !== undefined)
    return new ProxyAgent({ ...options, uri: proxy.uri, proxyTunnel: false, connectTimeout: connectMs })
  return new Agent({ ...options, connect: connectorThatMarksErrors(connectMs, lifeMs) })
}

/** Adds to each socket error how many bytes the socket had read: undici tells it for some of them only. */
function connectorThatMarksErrors(timeout: number, lifeMs: number | undefined): buildConnector.connector {
  const connect = buildConnector({ timeout, ...(lifeMs === undefined ? {} : { keepAliveInitialDelay: lifeMs }) })
  return (options, callback) => {
    connect(options, (...outcome) => {
      const socket = outcome[1]
      socket?.prependListener('error', (error: MarkedError) => {
        error.socket ??= { bytesRead: socket.bytesRead }
      })
      callback(...outcome)
    })
  }
}

/** An error of a socket with what the socket had read by then. */
export interface MarkedError extends Error {
  code?: string
  socket?: { bytesRead?: number }
}
