import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { isCertificateProblem, isUntrustedCode } from '../../upstream/transport-failure.ts'
import type { ProbeAnswer, ProbeOutcome } from './probe-answer.ts'

/** One probe. GET unless there is a body. */
export interface ProbeRequest {
  /** Scheme, host and port, and the path under which the server lives. */
  readonly base: string
  /** With its leading slash. */
  readonly path: string
  readonly body?: object
  readonly apiKey?: string
  /** True while it is asked who the server is: proxies that pass an engine off as themselves say so then. */
  readonly identifies?: boolean
  /** Until the connection stands, and then until the answer is read; in ms. */
  readonly connectMs: number
  readonly answerMs: number
}

export interface ProbeClient {
  /** Never rejects. */
  ask(request: ProbeRequest): Promise<ProbeOutcome>
  /** Only connects, which is a fraction of the work: undefined = somebody takes connections there. Never rejects. */
  knock(base: string, connectMs: number): Promise<NoConnection | undefined>
  /** Ends what is under way: each gives `silent`. */
  close(): void
}

/** What `ask` gives where no connection comes about. */
export type NoConnection = Exclude<ProbeOutcome, { kind: 'answer' }>

/** More of a body is not read: an inventory of thousands of models is smaller. */
const mostBytes = 1024 * 1024

/**
 * Sends probes, each on a connection of its own: a probe must say what a new connection meets, and a kept one would hold a
 * server's sleep off. Redirects are not followed, bodies are cut at 1 MiB.
 *
 * @param options `log` hears of every question before it is sent (a knock asks nothing); `trustSystem` is called when a
 *   certificate is not trusted, true = more authorities are trusted now, and the probe is repeated
 */
export function createProbeClient(options: {
  readonly userAgent: string
  readonly monotonic: () => number
  readonly trustSystem?: () => boolean
  readonly log?: (method: string, url: string) => void
}): ProbeClient {
  const running = new Set<AbortController>()
  return {
    async ask(request) {
      const controller = new AbortController()
      running.add(controller)
      try {
        options.log?.(request.body === undefined ? 'GET' : 'POST', request.base + request.path)
        const outcome = await send(request, options, controller)
        const mayRepeat = outcome.kind === 'untrusted' && isUntrustedCode(outcome.code ?? '')
        return mayRepeat && options.trustSystem?.() === true ? await send(request, options, controller) : outcome
      } finally {
        running.delete(controller)
      }
    },
    knock: (base, connectMs) => knock(base, connectMs, options.monotonic),
    close() {
      for (const controller of running) controller.abort()
    },
  }
}

function send(
  probe: ProbeRequest,
  { userAgent, monotonic }: { readonly userAgent: string; readonly monotonic: () => number },
  controller: AbortController,
): Promise<ProbeOutcome> {
  const startedAt = monotonic()
  let connected = false
  let code: string | undefined
  const { promise, resolve } = Promise.withResolvers<ProbeOutcome>()
  const fail = (kind: Exclude<ProbeOutcome['kind'], 'answer'>): void =>
    resolve({ kind, code, connected, elapsedMs: monotonic() - startedAt })
  const body = probe.body === undefined ? undefined : JSON.stringify(probe.body)
  const url = new URL(probe.base + probe.path)
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest
  const outgoing = open(url, {
    method: body === undefined ? 'GET' : 'POST',
    // No agent: nothing is kept, nothing is shared.
    agent: false,
    signal: controller.signal,
    headers: headersFor(userAgent, probe, body),
  })
  let timer = setTimeout(giveUp, probe.connectMs)
  function giveUp(): void {
    fail('silent')
    controller.abort()
  }
  outgoing.once('socket', (socket) => {
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      connected = true
      clearTimeout(timer)
      timer = setTimeout(giveUp, probe.answerMs)
    })
  })
  outgoing.once('response', (response) => {
    const give = async (): Promise<void> => {
      resolve({ kind: 'answer', answer: await readAnswer(response) })
      controller.abort()
    }
    void give()
  })
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    code = codeOf(error)
    fail(kindOf(code, connected))
  })
  outgoing.end(body)
  return promise.finally(() => clearTimeout(timer))
}

function knock(base: string, connectMs: number, monotonic: () => number): Promise<NoConnection | undefined> {
  const startedAt = monotonic()
  const { promise, resolve } = Promise.withResolvers<NoConnection | undefined>()
  const { hostname, port, protocol } = new URL(base)
  const host = hostname.replace(/^\[|\]$/g, '')
  const socket = connect({ host, port: port === '' ? (defaultPorts[protocol] ?? 80) : Number(port) })
  // It ends by itself within `connectMs`, and keeps no process alive.
  socket.unref()
  const timer = setTimeout(() => settle('silent', undefined), connectMs).unref()
  const settle = (kind: NoConnection['kind'] | undefined, code: string | undefined): void => {
    clearTimeout(timer)
    socket.destroy()
    resolve(kind === undefined ? undefined : { kind, code, connected: false, elapsedMs: monotonic() - startedAt })
  }
  socket.once('connect', () => settle(undefined, undefined))
  socket.on('error', (error: NodeJS.ErrnoException) => settle(kindOf(codeOf(error), false), codeOf(error)))
  return promise
}

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** NVIDIA PAIR answers for the engine behind it; to this header it says that it is none (its services/ollama-proxy/ingress.go). */
const identityProbe = { 'x-nvpair-engine-identity-probe': '1' } as const

function headersFor(
  userAgent: string,
  { apiKey, identifies }: ProbeRequest,
  body: string | undefined,
): Record<string, string> {
  return {
    'user-agent': userAgent,
    accept: 'application/json, text/plain',
    connection: 'close',
    ...(identifies === true ? identityProbe : {}),
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
  }
}

/** What came until the end, the cut or the break: a broken body is judged by what it holds. */
async function readAnswer(response: IncomingMessage): Promise<ProbeAnswer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > mostBytes) break
    }
  } catch {
    // What was read so far is all there is.
  }
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
  return { status: response.statusCode ?? 0, headers, text: Buffer.concat(chunks).toString('utf8', 0, mostBytes) }
}

const kinds: Readonly<Record<string, Exclude<ProbeOutcome['kind'], 'answer'>>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'unknown_name',
  EAI_AGAIN: 'unknown_name',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  EINVAL: 'unreachable',
  ETIMEDOUT: 'silent',
  ABORT_ERR: 'silent',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
}

function kindOf(code: string | undefined, connected: boolean): Exclude<ProbeOutcome['kind'], 'answer'> {
  if (code !== undefined && isCertificateProblem(code)) return 'untrusted'
  const known = code === undefined ? undefined : kinds[code]
  return known ?? (connected ? 'not_http' : 'unreachable')
}

/** A name with several addresses fails with one error of all of them: the first decides. */
function codeOf(error: NodeJS.ErrnoException): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0] as Error)
  return error.code
}
