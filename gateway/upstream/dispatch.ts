import { Agent, buildConnector, type Dispatcher, ProxyAgent } from 'undici'
import { noProxies, type ProxyAddress, type ProxySettings } from './proxy-settings.ts'
import { describeTransportFailure, isUntrusted } from './transport-failure.ts'
import type { UpstreamControl, UpstreamRequest, UpstreamSink } from './upstream-exchange.ts'

/** Sends requests over pooled connections. One for the whole gateway. */
export interface UpstreamDispatcher {
  /** Starts an exchange; nothing reaches the sink before this returns. */
  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamControl
  /** Lets running exchanges end. */
  close(): Promise<void>
  /** Ends them now. */
  destroy(): Promise<void>
}

/**
 * undici's own timeouts are off: deadlines belong to the relay, which knows what was asked. One request per connection at
 * a time and HTTP/1.1 only, which is what local servers and API hosts handle best (measured: no gain from pipelining).
 */
export function createUpstreamDispatcher(options: UpstreamDispatcherOptions = {}): UpstreamDispatcher {
  const pooled = new Map<string, PooledAgent>()
  const repeating = new Set<PooledAgent>()
  const targetOf = createTargets(options.proxies ?? noProxies)
  const agents: Agents = {
    pooled: (connectMs, proxy) => {
      const key = `${connectMs} ${proxy?.uri ?? ''}`
      const agent = pooled.get(key) ?? createAgent(connectMs, proxy)
      pooled.set(key, agent)
      return agent
    },
    fresh: (connectMs, proxy) => {
      const agent = createAgent(connectMs, proxy)
      repeating.add(agent)
      // Closes after the one request it is given, which is dispatched in the same turn.
      queueMicrotask(() => {
        void agent.close().finally(() => repeating.delete(agent))
      })
      return agent
    },
  }
  const trustSystem = options.trustSystem ?? (() => false)
  const all = (): PooledAgent[] => [...pooled.values(), ...repeating]
  return {
    send: (request, sink) => new Exchange({ agents, trustSystem }, targetOf(request.url), request, sink).start(),
    close: async () => {
      await Promise.all([...pooled.values()].map((agent) => agent.close()))
    },
    destroy: async () => {
      await Promise.all(all().map((agent) => agent.destroy()))
    },
  }
}

export interface UpstreamDispatcherOptions {
  /** Straight to everybody unless given. */
  readonly proxies?: ProxySettings
  /** Called when a certificate is not trusted; true = more authorities are trusted now, and the call is repeated. */
  readonly trustSystem?: () => boolean
}

type PooledAgent = Agent | ProxyAgent

interface Target {
  readonly proxy: ProxyAddress | undefined
  readonly origin: string
  readonly path: string
  readonly host: string
}

/** There are as many as deployments ever configured; the bound guards against a caller that makes them up. */
const mostTargets = 1_000

/** Takes addresses apart, each once. */
function createTargets(proxies: ProxySettings): (address: string) => Target {
  const targets = new Map<string, Target>()
  return (address) => {
    const known = targets.get(address)
    if (known !== undefined) return known
    const url = new URL(address)
    const target = {
      origin: url.origin,
      path: url.pathname + url.search,
      host: url.host,
      proxy: proxies.proxyFor(address),
    }
    if (targets.size >= mostTargets) targets.clear()
    targets.set(address, target)
    return target
  }
}

/** Where an exchange gets its connection: kept ones by connect deadline, or one that has never carried a request. */
interface Agents {
  pooled(connectMs: number, proxy: ProxyAddress | undefined): PooledAgent
  fresh(connectMs: number, proxy: ProxyAddress | undefined): PooledAgent
}

interface ExchangeGround {
  readonly agents: Agents
  readonly trustSystem: () => boolean
}

function createAgent(connectMs: number, proxy: ProxyAddress | undefined): PooledAgent {
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
  return new Agent({ ...options, connect: connectorThatMarksErrors(connectMs) })
}

/** Adds to each socket error how many bytes the socket had read: undici tells it for some of them only. */
function connectorThatMarksErrors(timeout: number): buildConnector.connector {
  const connect = buildConnector({ timeout })
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

interface MarkedError extends Error {
  code?: string
  socket?: { bytesRead?: number }
}

/** One exchange: undici's callbacks turned into ours, with the one silent repeat on a fresh socket. */
class Exchange implements UpstreamControl, Dispatcher.DispatchHandler {
  readonly #ground: ExchangeGround
  readonly #request: UpstreamRequest
  readonly #sink: UpstreamSink
  readonly #target: Target
  #controller: Dispatcher.DispatchController | undefined
  #over = false
  #headSeen = false
  #repeated = false

  constructor(ground: ExchangeGround, target: Target, request: UpstreamRequest, sink: UpstreamSink) {
    this.#ground = ground
    this.#request = request
    this.#sink = sink
    this.#target = target
  }

  start(): this {
    // Deferred so that the caller holds its control before the first event, which undici may raise synchronously.
    queueMicrotask(() => {
      this.#dispatch()
    })
    return this
  }

  #dispatch(): void {
    if (this.#over) return
    try {
      const { connectMs } = this.#request
      // Another kept connection may be as dead as the one that failed.
      const { agents } = this.#ground
      const { proxy } = this.#target
      const agent = this.#repeated ? agents.fresh(connectMs, proxy) : agents.pooled(connectMs, proxy)
      agent.dispatch(
        {
          origin: this.#target.origin,
          path: this.#target.path,
          method: this.#request.method,
          headers: this.#request.headers as Record<string, string>,
          body: this.#request.body ?? null,
        },
        this,
      )
    } catch (error) {
      this.#fail(error)
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#over) controller.abort(new Error('aborted before it began'))
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (this.#over || status < 200) return
    this.#headSeen = true
    this.#sink.onHead(status, headers)
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#over) this.#sink.onData(chunk)
  }

  onResponseEnd(): void {
    if (this.#over) return
    this.#over = true
    this.#sink.onEnd()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#over) return
    const mayRepeat = !this.#headSeen && !this.#repeated
    if (mayRepeat && (diedOnReusedSocket(error) || (isUntrusted(error) && this.#ground.trustSystem()))) {
      this.#repeated = true
      this.#dispatch()
      return
    }
    this.#fail(error)
  }

  #fail(error: unknown): void {
    this.#over = true
    this.#sink.onError(describeTransportFailure(error, this.#target.host, this.#target.proxy?.shown))
  }

  abort(): void {
    if (this.#over) return
    this.#over = true
    this.#controller?.abort(new Error('aborted'))
  }

  pause(): void {
    this.#controller?.pause()
  }

  resume(): void {
    this.#controller?.resume()
  }
}

/**
 * A kept-alive connection may be closed by the server in the moment we write to it: no byte of an answer came, and the
 * request never ran. Told from a server that dies on a request by bytes read earlier on the same socket.
 */
function diedOnReusedSocket(error: MarkedError): boolean {
  const code = error.code
  if (code !== 'UND_ERR_SOCKET' && code !== 'ECONNRESET' && code !== 'EPIPE') return false
  return (error.socket?.bytesRead ?? 0) > 0
}
