import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { playScript } from './upstream/play-script.ts'
import { parseBody, type RecordedRequest } from './upstream/recorded-request.ts'
import type { Gate, Script } from './upstream/script.ts'

export { createGate, type Gate, type Script, type UsageScript } from './upstream/script.ts'
export type { RecordedRequest } from './upstream/recorded-request.ts'

export type ScriptSource = Script | ((request: RecordedRequest) => Script)

/** An OpenAI-compatible upstream under a test's control. */
export interface Upstream {
  /** `http://127.0.0.1:N`. */
  readonly origin: string
  /** The origin with `/v1`: what `api_base` is set to. */
  readonly url: string
  /** Every request so far, in order of arrival. */
  readonly requests: readonly RecordedRequest[]
  /** What to do with requests for which nothing more special was said. */
  reply(source: ScriptSource): void
  /** What to do with requests for one model id. */
  replyFor(model: string, source: ScriptSource): void
  /** What to do with the next requests, one each, before anything else. */
  replyOnce(...sources: readonly ScriptSource[]): void
  /** What `GET /models` lists; nothing unless told. */
  listModels(...ids: readonly string[]): void
  /** The first request not yet returned by this method, waiting for it when there is none. */
  nextRequest(): Promise<RecordedRequest>
  /** Forgets every recorded request and everything that was said about replies. */
  reset(): void
  /** Connections open now. */
  openSockets(): number
  /** Ends every wait at a gate, destroys every socket, frees the port. */
  close(): Promise<void>
}

/**
 * Starts the upstream on 127.0.0.1 with a free port, or on `port`. Unless told otherwise it answers every chat request
 * with "Hello." in the form it asks for, and `GET /models` with an empty list.
 */
export async function startUpstream(port = 0): Promise<Upstream> {
  const scripts = createScriptBook()
  const record = createRecorder()
  const sockets = new Set<Socket>()
  const closing = Promise.withResolvers<void>()

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (isPasserBy(incoming)) {
      response.writeHead(404).end()
      return
    }
    const request = await record.read(incoming, response)
    if (request === undefined) return
    const closed = (): boolean => response.destroyed || response.writableEnded
    const gone = Promise.withResolvers<void>()
    response.once('close', gone.resolve)
    const waitAt = async (gate: Gate): Promise<void> => {
      await Promise.race([gate.opened, gone.promise, closing.promise])
    }
    await playScript(scripts.choose(request), { request, response, closed, waitAt })
  }
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (incoming, response) => {
    void serve(incoming, response)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    record.connected(socket)
    socket.once('close', () => sockets.delete(socket))
    // A peer that resets is part of what is tested.
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    origin,
    url: `${origin}/v1`,
    requests: record.requests,
    reply: scripts.setDefault,
    replyFor: scripts.setForModel,
    replyOnce: scripts.queue,
    listModels: scripts.setList,
    nextRequest: record.next,
    reset: () => {
      scripts.clear()
      record.clear()
    },
    openSockets: () => sockets.size,
    close: async () => {
      closing.resolve()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const keyHeaders = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key']

/** A Signalbox that runs on this machine looks at every server that begins to listen: what it asks is no test's business. */
function isPasserBy({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && keyHeaders.every((name) => headers[name] === undefined)
}

/** Chooses a script: the queue first, then the model's own, then the default. */
function createScriptBook() {
  const queued: ScriptSource[] = []
  const byModel = new Map<string, ScriptSource>()
  let fallback: ScriptSource = defaultAnswer
  let listed: readonly string[] = []

  return {
    choose: (request: RecordedRequest): Script => {
      const model = request.json?.model
      // Who asks for the list of models is not what a test scripts: the gateway does so by itself.
      const isScripted = request.method !== 'GET' || !request.path.endsWith('/models')
      const source =
        (isScripted ? queued.shift() : undefined) ??
        (model === undefined ? undefined : byModel.get(model)) ??
        (isScripted ? fallback : modelList(listed))
      return typeof source === 'function' ? source(request) : source
    },
    setDefault: (source: ScriptSource): void => {
      fallback = source
    },
    setForModel: (model: string, source: ScriptSource): void => {
      byModel.set(model, source)
    },
    setList: (...ids: readonly string[]): void => {
      listed = ids
    },
    queue: (...sources: readonly ScriptSource[]): void => {
      queued.push(...sources)
    },
    clear: (): void => {
      queued.length = 0
      byModel.clear()
      fallback = defaultAnswer
      listed = []
    },
  }
}

function modelList(ids: readonly string[]): Script {
  return {
    kind: 'raw',
    headers: { 'content-type': 'application/json' },
    body: [JSON.stringify({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) })],
  }
}

function defaultAnswer(request: RecordedRequest): Script {
  if (request.method !== 'POST' || !request.path.endsWith('/chat/completions')) {
    return { kind: 'error', status: 404, message: `The upstream double has no ${request.method} ${request.path}.` }
  }
  return request.json?.stream === true
    ? { kind: 'stream', text: ['Hel', 'lo.'] }
    : { kind: 'completion', text: 'Hello.' }
}

/** Keeps what arrives and hands it out in order. */
function createRecorder() {
  const requests: RecordedRequest[] = []
  const waiting: ((request: RecordedRequest) => void)[] = []
  const seenSockets = new Map<Socket, { readonly number: number; carried: number }>()
  let connections = 0
  let handedOut = 0

  const read = async (incoming: IncomingMessage, response: ServerResponse): Promise<RecordedRequest | undefined> => {
    const aborted = Promise.withResolvers<void>()
    response.once('close', () => {
      if (!response.writableFinished) aborted.resolve()
    })
    const socket = seenSockets.get(incoming.socket) ?? { number: -1, carried: 0 }
    const reusedSocket = socket.carried > 0
    socket.carried += 1
    const body = await readAll(incoming)
    if (body === undefined) return undefined
    const request: RecordedRequest = {
      index: requests.length,
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      rawHeaders: incoming.rawHeaders,
      body,
      json: parseBody(body),
      socket: socket.number,
      reusedSocket,
      aborted: aborted.promise,
    }
    requests.push(request)
    const reader = waiting.shift()
    if (reader !== undefined) {
      handedOut += 1
      reader(request)
    }
    return request
  }

  return {
    requests: requests as readonly RecordedRequest[],
    read,
    connected: (socket: Socket): void => {
      seenSockets.set(socket, { number: connections, carried: 0 })
      connections += 1
      socket.once('close', () => seenSockets.delete(socket))
    },
    clear: (): void => {
      requests.length = 0
      handedOut = 0
    },
    next: (): Promise<RecordedRequest> => {
      const present = requests[handedOut]
      if (present !== undefined) {
        handedOut += 1
        return Promise.resolve(present)
      }
      return new Promise((resolve) => waiting.push(resolve))
    },
  }
}

/** The whole body, or undefined when the client went away while sending it. */
async function readAll(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const blocks: Buffer[] = []
  try {
    for await (const block of incoming) blocks.push(block as Buffer)
  } catch {
    return undefined
  }
  return Buffer.concat(blocks)
}
