import type { Dispatcher } from 'undici'
import { type ConnectionPools, createConnectionPools, type MarkedError } from './connection-pools.ts'
import { noProxies, type ProxyAddress, type ProxySettings } from './proxy-settings.ts'
import { noWitness, Traffic, type UpstreamWitness } from './traffic.ts'
import { describeTransportFailure, isUntrusted, PathLost, transportCode } from './transport-failure.ts'
import type { UpstreamControl, UpstreamRequest, UpstreamSink } from './upstream-exchange.ts'

/** Sends requests over pooled connections. One for the whole gateway. */
export interface UpstreamDispatcher {
  /** Starts an exchange; nothing reaches the sink before this returns. */
  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamControl
  /** ms since any exchange that runs with this host began or got a byte; undefined = none runs. */
  quietMs(hostname: string): number | undefined
  /** Discards the connections to a host whose path is gone. What runs on them fails as unreachable, with this sentence part. */
  drop(hostname: string, reason: string): void
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
  const pools = createConnectionPools(options.asksForLife)
  const ground: ExchangeGround = {
    pools,
    trustSystem: options.trustSystem ?? (() => false),
    witness: options.witness ?? noWitness,
    traffic: new Traffic(),
  }
  const targetOf = createTargets(options.proxies ?? noProxies)
  return {
    send: (request, sink) => new Exchange(ground, targetOf(request.url), request, sink).start(),
    quietMs: (hostname) => ground.traffic.quietMs(hostname),
    drop: (hostname, reason) => pools.drop(hostname, new PathLost(reason)),
    close: () => pools.close(),
    destroy: () => pools.destroy(),
  }
}

export interface UpstreamDispatcherOptions {
  /** Straight to everybody unless given. */
  readonly proxies?: ProxySettings
  /** Called when a certificate is not trusted; true = more authorities are trusted now, and the call is repeated. */
  readonly trustSystem?: () => boolean
  /** Hears of connections that go straight to their upstream; those through a proxy say nothing of its path. */
  readonly witness?: UpstreamWitness
  /** True for hosts whose connections are asked for a sign of life each second: those on paths that are followed. */
  readonly asksForLife?: (hostname: string) => boolean
}

interface Target {
  readonly proxy: ProxyAddress | undefined
  readonly origin: string
  readonly path: string
  readonly host: string
  readonly hostname: string
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
      hostname: url.hostname,
      proxy: proxies.proxyFor(address),
    }
    if (targets.size >= mostTargets) targets.clear()
    targets.set(address, target)
    return target
  }
}

interface ExchangeGround {
  readonly pools: ConnectionPools
  readonly trustSystem: () => boolean
  readonly witness: UpstreamWitness
  readonly traffic: Traffic
}

/** One exchange: undici's callbacks turned into ours, with the one silent repeat on a fresh socket. */
class Exchange implements UpstreamControl, Dispatcher.DispatchHandler {
  readonly #ground: ExchangeGround
  readonly #request: UpstreamRequest
  readonly #sink: UpstreamSink
  readonly #target: Target
  readonly #life: ReturnType<Traffic['begin']>
  #controller: Dispatcher.DispatchController | undefined
  #over = false
  #headSeen = false
  #repeated = false

  constructor(ground: ExchangeGround, target: Target, request: UpstreamRequest, sink: UpstreamSink) {
    this.#ground = ground
    this.#request = request
    this.#sink = sink
    this.#target = target
    this.#life = ground.traffic.begin(target.hostname)
  }

  start(): this {
    if (this.#target.proxy === undefined) this.#ground.witness.began(this.#request.url)
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
      const { pools } = this.#ground
      const { origin, proxy } = this.#target
      // Another kept connection may be as dead as the one that failed.
      const agent = this.#repeated ? pools.fresh(origin, connectMs, proxy) : pools.pooled(origin, connectMs, proxy)
      agent.dispatch(
        {
          origin,
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
    this.#life.sign()
    if (this.#target.proxy === undefined) this.#ground.witness.answered(this.#request.url)
    this.#sink.onHead(status, headers)
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return
    this.#life.sign()
    this.#sink.onData(chunk)
  }

  onResponseEnd(): void {
    if (this.#over) return
    this.#finish()
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
    this.#finish()
    const { host, proxy } = this.#target
    const failure = describeTransportFailure(error, host, proxy?.shown)
    if (proxy === undefined && !this.#headSeen && !(error instanceof PathLost))
      this.#ground.witness.failed(this.#request.url, failure.kind, transportCode(error))
    this.#sink.onError(failure)
  }

  #finish(): void {
    this.#over = true
    this.#life.end()
  }

  abort(): void {
    if (this.#over) return
    this.#finish()
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
