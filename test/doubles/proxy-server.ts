import { createServer, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** A company's proxy under a test's control: it leads every name to the same port of this machine. */
export interface ProxyDouble {
  readonly host: string
  /** `CONNECT upstream.example:443`, `POST http://upstream.example/v1/…`, with the credentials that came along. */
  readonly asked: readonly { readonly line: string; readonly authorization: string | undefined }[]
  /** Answers every request with this status; undefined = serves. */
  refuseWith(status: number | undefined): void
  close(): Promise<void>
}

export async function startProxy(targetPort: number): Promise<ProxyDouble> {
  const asked: { line: string; authorization: string | undefined }[] = []
  const sockets = new Set<Socket>()
  let refusal: number | undefined
  const note = ({ headers, method, url }: IncomingMessage): void => {
    asked.push({ line: `${method} ${url}`, authorization: headers['proxy-authorization'] })
  }
  const server = createServer((incoming, response) => {
    note(incoming)
    if (refusal !== undefined) {
      response.writeHead(refusal).end()
      return
    }
    const { method, headers } = incoming
    const { pathname } = new URL(incoming.url ?? '')
    const outgoing = request({ port: targetPort, host: '127.0.0.1', method, path: pathname, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    incoming.pipe(outgoing)
  })
  server.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    note(incoming)
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} No\r\n\r\n`)
      return
    }
    const upstream = connect(targetPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    refuseWith: (status) => {
      refusal = status
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
