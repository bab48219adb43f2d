import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { GatewayEvent } from '../../gateway/contract/events.ts'
import type { RequestStory } from '../../gateway/contract/request-story.ts'
import type { RequestView } from '../../gateway/contract/requests.ts'
import { controlRoutes, uiPath } from '../../gateway/contract/routes.ts'
import type { ExplainRequest, Explanation, RouterView } from '../../gateway/contract/routers.ts'
import { emptySpend } from '../ui/scripted-spend.ts'
import type { BackendList } from '../../gateway/contract/backends.ts'
import type { GpuList } from '../../gateway/contract/gpus.ts'
import type { NetworkView } from '../../gateway/contract/network.ts'
import type { Setup } from '../../gateway/contract/setup.ts'
import type { QuotaList } from '../../gateway/contract/quotas.ts'
import type { KeyView } from '../../gateway/contract/keys.ts'
import type { SpendReport } from '../../gateway/contract/spend.ts'
import type { GatewayStatus } from '../../gateway/contract/status.ts'
import { noNetwork } from './network/no-network.ts'

/** The policy the gateway and the desktop application serve the interface under. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export interface ControlServerOptions {
  /** The built interface. */
  readonly directory: string
  readonly status: GatewayStatus
  readonly routers: readonly RouterView[]
  readonly requests: readonly RequestView[]
  readonly explain: (request: ExplainRequest) => Explanation
  /** Answers the queries of `/api/spend`; without it nothing was asked yet. */
  readonly spend?: (query: URLSearchParams) => SpendReport
  readonly keys?: readonly KeyView[]
  readonly backends?: BackendList
  readonly network?: NetworkView
  readonly gpus?: GpuList
  readonly quotas?: QuotaList
  /** Answers calls before all others, such as `GET /api/secrets`; undefined: it has no answer. Throws what is to be refused. */
  readonly more?: (call: string, body: unknown) => unknown
}

/** Nothing to do: the first run stays away. */
const finishedSetup: Setup = {
  fresh: false,
  steps: (['found', 'key', 'router', 'request', 'agent'] as const).map((step) => ({ step, state: 'done' })),
  backends: [],
  environment: [],
  stacks: [],
  litellm: null,
  agents: [],
  providers: [],
  proposal: null,
  noProposal: null,
  firstRequest: { model: 'demo-router', command: 'curl' },
}

export type ControlServer = Awaited<ReturnType<typeof startControlServer>>

/** What a gateway says of a request beyond the list where it knows nothing more. */
const noStory = {
  why: null,
  candidates: [],
  sameTokens: null,
  sessionSummary: null,
  label: null,
  canLabel: false,
} satisfies Partial<RequestStory>

const noBackends: BackendList = { discovery: true, backends: [] }

/** What `more` throws to refuse a call. */
export class ScriptedRefusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** Stands in for the gateway: serves the built interface and the part of the control API it uses, with scripted data. */
export async function startControlServer(options: ControlServerOptions) {
  let { status, routers, requests } = options
  const { keys = [], spend = emptySpend } = options
  const lists: Readonly<Record<string, unknown>> = {
    [controlRoutes.keys]: { keys },
    [controlRoutes.backends]: options.backends ?? noBackends,
    [controlRoutes.gpus]: options.gpus ?? { gpus: [], problems: [] },
    [controlRoutes.network]: options.network ?? noNetwork,
    [controlRoutes.setup]: finishedSetup,
    [controlRoutes.quotas]: options.quotas ?? { deployments: [] },
  }
  let switchRefusal: string | undefined
  const codes = new Set<string>()
  const tokens = new Set<string>()
  const streams = new Set<ServerResponse>()
  const calls: { method: string; path: string; body: unknown }[] = []

  const send = (event: GatewayEvent) => {
    for (const stream of streams) writeEvent(stream, event)
  }
  const answerApi = async (
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    { pathname: path, searchParams }: URL,
  ) => {
    const body = await readBody(incoming)
    calls.push({ method: incoming.method ?? '', path, body })
    if (path === controlRoutes.session) {
      const { code } = body as { code: string }
      if (!codes.delete(code)) return sendError(outgoing, 401, 'invalid_key', 'This code was used before.')
      const token = `session-${code}`
      tokens.add(token)
      return sendJson(outgoing, 200, { token })
    }
    const token = incoming.headers.authorization?.replace('Bearer ', '')
    if (token === undefined || !tokens.has(token)) return sendError(outgoing, 401, 'invalid_key', 'No session.')
    if (path === controlRoutes.events) {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      streams.add(outgoing)
      outgoing.on('close', () => streams.delete(outgoing))
      const local = options.backends ?? noBackends
      return writeEvent(outgoing, {
        type: 'snapshot',
        status,
        routers: [...routers],
        requests: [...requests],
        ...local,
      })
    }
    if (answerMore(outgoing, options.more, `${incoming.method} ${path}`, body)) return undefined
    if (path === controlRoutes.explain) return sendJson(outgoing, 200, options.explain(body as ExplainRequest))
    if (path === controlRoutes.refreshBackends) return sendJson(outgoing, 200, options.backends ?? noBackends)
    if (path === controlRoutes.spend) return answerSpend(outgoing, searchParams, spend)
    if (incoming.method === 'GET' && lists[path] !== undefined) return sendJson(outgoing, 200, lists[path])
    const router = routers.find((candidate) => path === controlRoutes.routerSwitch(candidate.name))
    if (router !== undefined && incoming.method === 'PUT') {
      if (switchRefusal !== undefined) return sendError(outgoing, 500, 'internal_error', switchRefusal)
      const changed = { ...router, position: body as RouterView['position'] }
      routers = routers.map((known) => (known === router ? changed : known))
      return sendJson(outgoing, 200, changed)
    }
    if (path === controlRoutes.refreshBackends) return sendJson(outgoing, 200, options.backends ?? noBackends)
    const known = requests.find(({ id }) => path === controlRoutes.request(id))
    if (known !== undefined) return sendJson(outgoing, 200, { ...known, ...noStory })
    return sendError(outgoing, 404, 'not_found', `Nothing at ${path}.`)
  }
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const url = new URL(incoming.url ?? '/', 'http://test')
    const path = url.pathname
    if (path.startsWith('/api/')) await answerApi(incoming, outgoing, url)
    else if (path.startsWith(uiPath)) await sendFile(outgoing, options.directory, path.slice(uiPath.length))
    else sendError(outgoing, 404, 'not_found', `Nothing at ${path}.`)
  }
  const create = () => createServer((incoming, outgoing) => void handle(incoming, outgoing))
  let server = create()
  const port = await listen(server, 0)
  let codeCount = 0

  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    /** A fresh link with a one-time code. */
    link() {
      codeCount += 1
      codes.add(`code-${codeCount}`)
      return `http://127.0.0.1:${port}${uiPath}#code=code-${codeCount}`
    },
    send,
    /** Replaces what the next snapshot says. */
    set(next: { status?: GatewayStatus; routers?: readonly RouterView[]; requests?: readonly RequestView[] }) {
      status = next.status ?? status
      routers = next.routers ?? routers
      requests = next.requests ?? requests
    },
    /** Makes every switch change fail with this sentence; undefined lets them pass again. */
    refuseSwitches(sentence: string | undefined) {
      switchRefusal = sentence
    },
    /** Ends every session, as a restart of the gateway does. */
    forgetSessions: () => tokens.clear(),
    streamCount: () => streams.size,
    /** Goes away: open streams break, new connections are refused. */
    async stop() {
      await close(server)
    },
    /** Is back on the same port. */
    async restart() {
      server = create()
      await listen(server, port)
    },
  }
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const sent = await text(incoming)
  return sent === '' ? undefined : JSON.parse(sent)
}

function writeEvent(stream: ServerResponse, event: GatewayEvent): void {
  stream.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
}

function sendJson(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' })
  outgoing.end(JSON.stringify(body))
}

function sendError(outgoing: ServerResponse, status: number, code: string, message: string): void {
  sendJson(outgoing, status, { error: { message, type: 'error', param: null, code } })
}

function answerSpend(outgoing: ServerResponse, query: URLSearchParams, spend: (query: URLSearchParams) => SpendReport) {
  try {
    const report = spend(query)
    if (query.get('format') !== 'csv') return sendJson(outgoing, 200, report)
    outgoing.writeHead(200, { 'content-type': 'text/csv; charset=utf-8' })
    const lines = report.rows.map((row) => `${row.name},${row.requests},${row.billedNanoUsd}`)
    return outgoing.end(['name,requests,billedNanoUsd', ...lines, ''].join('\n'))
  } catch (thrown) {
    return sendError(outgoing, 500, 'internal_error', (thrown as Error).message)
  }
}

/** True when the script had an answer, or a refusal. */
function answerMore(
  outgoing: ServerResponse,
  more: ControlServerOptions['more'],
  call: string,
  body: unknown,
): boolean {
  try {
    const answer = more?.(call, body)
    if (answer !== undefined) sendJson(outgoing, 200, answer)
    return answer !== undefined
  } catch (thrown) {
    if (!(thrown instanceof ScriptedRefusal)) throw thrown
    sendError(outgoing, thrown.status, thrown.code, thrown.message)
    return true
  }
}

async function sendFile(outgoing: ServerResponse, directory: string, path: string): Promise<void> {
  const file = path === '' ? 'index.html' : path
  try {
    const content = await readFile(join(directory, file))
    outgoing.writeHead(200, {
      'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    outgoing.end(content)
  } catch {
    sendError(outgoing, 404, 'not_found', `Nothing at ${path}.`)
  }
}

async function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, '127.0.0.1', resolve)
  await promise
  return (server.address() as AddressInfo).port
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeAllConnections()
  await promise
}
