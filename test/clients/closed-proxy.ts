import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/** A proxy that lets nothing through and remembers who was called. Loopback is reached without it. */
export interface ClosedProxy {
  /** Variables that send every request of a client here, except those to loopback. */
  readonly environment: Readonly<Record<string, string>>
  /** Hosts that were asked for, with their ports. */
  readonly refused: readonly string[]
  close(): Promise<void>
}

export async function startClosedProxy(): Promise<ClosedProxy> {
  const refused: string[] = []
  const server = createServer((incoming, response) => {
    refused.push(incoming.url ?? '')
    response.writeHead(403, { connection: 'close' }).end()
  })
  server.on('connect', (incoming, socket: Duplex) => {
    refused.push(incoming.url ?? '')
    socket.on('error', () => socket.destroy())
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']
  const loopback = '127.0.0.1,localhost,::1'
  return {
    environment: { ...Object.fromEntries(names.map((name) => [name, url])), NO_PROXY: loopback, no_proxy: loopback },
    refused,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
