import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One recorded or constructed answer. `$now`, `$METHOD` and `$PATH` stand for what differs each time. */
export interface FixtureAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly text?: string
  /** Answers by the `model` of the request's body. */
  readonly byModel?: Readonly<Record<string, unknown>>
  readonly repeat?: { readonly text: string; readonly times: number }
}

export interface FixtureVariant {
  readonly headers?: Readonly<Record<string, string>>
  readonly routes?: Readonly<Record<string, FixtureAnswer>>
  /** Given to everything. */
  readonly all?: FixtureAnswer
  readonly key?: string
  /** Paths that need no key. */
  readonly open?: readonly string[]
  readonly refusal?: FixtureAnswer
  readonly tripwires?: readonly string[]
}

export interface BackendFixture extends FixtureVariant {
  readonly made?: string
  readonly source?: string
  readonly routes: Readonly<Record<string, FixtureAnswer>>
  readonly unknown: FixtureAnswer
  /** Given to requests that ask whether it is an engine. */
  readonly identityProbe?: FixtureAnswer
  readonly variants?: Readonly<Record<string, FixtureVariant>>
}

const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'backends')

export function backendFixture(vendor: string, variant?: string): BackendFixture {
  const fixture = JSON.parse(readFileSync(join(folder, `${vendor}.json`), 'utf8')) as BackendFixture
  return variant === undefined ? fixture : withVariant(fixture, fixture.variants?.[variant])
}

/** A server that is none of the known ones. */
export function otherFixture(name: string): BackendFixture {
  const { servers } = JSON.parse(readFileSync(join(folder, 'others.json'), 'utf8')) as {
    servers: Record<string, BackendFixture>
  }
  const fixture = servers[name]
  if (fixture === undefined) throw new Error(`There is no fixture ${name}.`)
  return fixture
}

function withVariant(fixture: BackendFixture, variant: FixtureVariant | undefined): BackendFixture {
  if (variant === undefined) throw new Error('There is no such variant.')
  return {
    ...fixture,
    ...variant,
    headers: { ...fixture.headers, ...variant.headers },
    routes: { ...fixture.routes, ...variant.routes },
    tripwires: [...(fixture.tripwires ?? []), ...(variant.tripwires ?? [])],
  }
}

export interface FakeBackend {
  readonly url: string
  readonly port: number
  /** `GET /path?query`, in order of arrival. */
  readonly asked: readonly string[]
  /** Requests that a real server would have been changed by. */
  readonly trips: readonly string[]
  /** Credentials that were sent, by path. */
  readonly keys: ReadonlyMap<string, string>
  /** Chat requests are answered by it, in place of the fixture. */
  onPost: ((path: string, body: unknown, response: ServerResponse) => boolean) | undefined
  change(fixture: BackendFixture): void
  close(): Promise<void>
}

/** Plays a fixture on 127.0.0.1, on a free port unless one is given. */
export async function startFakeBackend(given: BackendFixture, port = 0): Promise<FakeBackend> {
  let fixture = given
  const asked: string[] = []
  const trips: string[] = []
  const keys = new Map<string, string>()
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => void answer(request, response))
  const fake: FakeBackend = {
    url: '',
    port: 0,
    asked,
    trips,
    keys,
    onPost: undefined,
    change: (next) => {
      fixture = next
    },
    close: () => closeAll(server, sockets),
  }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request
    const [path = '/'] = url.split('?')
    asked.push(`${method} ${url}`)
    if (fixture.tripwires?.some((wire) => path === wire || path.startsWith(`${wire}/`)) === true) trips.push(url)
    const { authorization } = request.headers
    if (authorization !== undefined) keys.set(path, authorization)
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    if (method === 'POST' && fake.onPost?.(path, body, response) === true) return
    const isProbe = request.headers['x-nvpair-engine-identity-probe'] !== undefined
    const chosen =
      isProbe && fixture.identityProbe !== undefined ? fixture.identityProbe : choose(method, path, authorization)
    write(response, chosen, { method, path, model: modelIn(body) })
  }
  function choose(method: string, path: string, authorization: string | undefined): FixtureAnswer {
    if (fixture.all !== undefined) return fixture.all
    const isOpen = fixture.key === undefined || authorization === `Bearer ${fixture.key}`
    if (!isOpen && fixture.open?.includes(path) !== true) return fixture.refusal ?? { status: 401 }
    return fixture.routes[`${method} ${path}`] ?? fixture.unknown
  }
  function write(
    response: ServerResponse,
    chosen: FixtureAnswer,
    place: { method: string; path: string; model: string },
  ): void {
    const isJson = chosen.json !== undefined || chosen.byModel !== undefined
    const headers = Object.entries({
      ...(isJson ? { 'content-type': 'application/json' } : {}),
      ...fixture.headers,
      ...chosen.headers,
    })
    response.writeHead(chosen.status ?? 200, Object.fromEntries(headers.filter(([, value]) => value !== '')))
    if (chosen.repeat !== undefined) return void response.end(chosen.repeat.text.repeat(chosen.repeat.times))
    const value =
      chosen.byModel === undefined ? chosen.json : (chosen.byModel[place.model] ?? { error: 'model not found' })
    const text = isJson ? JSON.stringify(value) : (chosen.text ?? '')
    response.end(
      text.replaceAll('"$now"', String(Date.now())).replaceAll('$METHOD', place.method).replaceAll('$PATH', place.path),
    )
  }
  const taken = await listen(server, sockets, port)
  return Object.assign(fake, { url: `http://127.0.0.1:${taken}`, port: taken })
}

/** A server that accepts connections and says nothing, or only what is given. */
export async function startMuteServer(greeting?: string): Promise<Pick<FakeBackend, 'url' | 'port' | 'close'>> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy())
    if (greeting !== undefined) socket.end(greeting)
  })
  const port = await listen(server, sockets, 0)
  return { url: `http://127.0.0.1:${port}`, port, close: () => closeAll(server, sockets) }
}

async function listen(server: Server, sockets: Set<Socket>, port: number): Promise<number> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const socket of sockets) socket.destroy()
  return closed
}

function modelIn(body: unknown): string {
  const model = typeof body === 'object' && body !== null ? (body as { model?: unknown }).model : undefined
  return typeof model === 'string' ? model : ''
}
