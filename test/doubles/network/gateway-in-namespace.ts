import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { createParser } from 'eventsource-parser'
import type { NetworkHostView, NetworkView } from '../../../gateway/contract/network.ts'
import type { GatewayStatus } from '../../../gateway/contract/status.ts'
import { type GatewayProcess, startGatewayProcess } from '../gateway-process.ts'
import type { Namespaces } from './namespaces.ts'

/** A gateway in a namespace, spoken to through a socket file. */
export interface GatewayInNamespace {
  readonly process: GatewayProcess
  /** What answered and after how many ms. */
  chat(model: string, text: string, stream?: boolean): Promise<Answer>
  /** A stream whose first byte has come, and what becomes of it. */
  begun(model: string, text: string): Promise<{ readonly ended: Promise<Answer> }>
  network(): Promise<NetworkView>
  status(): Promise<GatewayStatus>
  /** As soon as the host is in this state, told by events; ms since `since` (performance.now()). */
  reaches(state: NetworkHostView['state'], host: string, since: number): Promise<number>
  remove(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly ms: number
}

export async function startGatewayInNamespace(spaces: Namespaces, config: string): Promise<GatewayInNamespace> {
  const gateway = await startGatewayProcess({ config, launcher: ['ip', 'netns', 'exec', spaces.client] })
  const socketPath = join(gateway.folder.path, 'door.sock')
  const door = await spaces.start(spaces.client, 'door.ts', socketPath, new URL(gateway.url).port)
  const ask = (method: string, path: string, body?: unknown, onFirst?: () => void): Promise<Answer> =>
    send({ socketPath, method, path, key: gateway.masterKey, body, onFirst })
  const network = async (): Promise<NetworkView> => JSON.parse((await ask('GET', '/api/network')).body) as NetworkView
  const watchers = new Set<(view: NetworkView) => void>()
  const stopEvents = followEvents(socketPath, gateway.masterKey, (view) => {
    for (const watcher of watchers) watcher(view)
  })
  return {
    process: gateway,
    network,
    status: async () => JSON.parse((await ask('GET', '/api/status')).body) as GatewayStatus,
    chat: (model, text, stream = false) =>
      ask('POST', '/v1/chat/completions', { model, stream, messages: [{ role: 'user', content: text }] }),
    async begun(model, text) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const body = { model, stream: true, messages: [{ role: 'user', content: text }] }
      const ended = ask('POST', '/v1/chat/completions', body, resolve)
      await promise
      return { ended }
    },
    async reaches(state, host, since) {
      const { promise, resolve } = Promise.withResolvers<number>()
      const look = (view: NetworkView): void => {
        if (view.hosts.some((each) => each.host === host && each.state === state)) resolve(performance.now() - since)
      }
      watchers.add(look)
      look(await network())
      try {
        return await promise
      } finally {
        watchers.delete(look)
      }
    },
    async remove() {
      stopEvents()
      await door.stop()
      await gateway.remove()
    },
  }
}

interface Call {
  readonly socketPath: string
  readonly method: string
  readonly path: string
  readonly key: string
  readonly body: unknown
  /** The first byte of the answer has come. */
  readonly onFirst: (() => void) | undefined
}

function send({ socketPath, method, path, key, body, onFirst }: Call): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const startedAt = performance.now()
  const headers = { authorization: `Bearer ${key}`, host: '127.0.0.1', 'content-type': 'application/json' }
  const request = httpRequest({ socketPath, method, path, headers, agent: false }, (response) => {
    const pieces: Buffer[] = []
    if (onFirst !== undefined) response.once('data', onFirst)
    response.on('data', (piece: Buffer) => pieces.push(piece))
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(pieces).toString(),
        ms: performance.now() - startedAt,
      }),
    )
    response.on('error', reject)
  })
  request.on('error', reject)
  request.end(body === undefined ? undefined : JSON.stringify(body))
  return promise
}

function followEvents(socketPath: string, key: string, onNetwork: (view: NetworkView) => void): () => void {
  const headers = { authorization: `Bearer ${key}`, host: '127.0.0.1' }
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'network') onNetwork((JSON.parse(data) as { network: NetworkView }).network)
    },
  })
  const request = httpRequest({ socketPath, path: '/api/events', headers, agent: false }, (response) => {
    response.setEncoding('utf8').on('data', (text: string) => parser.feed(text))
    response.on('error', () => undefined)
  })
  request.on('error', () => undefined)
  request.end()
  return () => request.destroy()
}
