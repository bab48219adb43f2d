import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, type Dispatcher } from 'undici'

/*
 * The least a Node proxy can do: node:http in, undici `dispatch` out, bytes as they come, nothing read, nothing kept. It is
 * the yardstick of the benchmarks and no part of the product. First argument: the upstream's origin.
 */

const origin = process.argv[2] ?? ''
const agent = new Agent({ allowH2: false, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })

class Answer implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse

  constructor(response: ServerResponse) {
    this.#response = response
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#response.once('close', () => {
      if (!this.#response.writableFinished) controller.abort(new Error('the client left'))
    })
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#response.writeHead(status, headers)
  }

  onResponseData(_controller: Dispatcher.DispatchController, block: Buffer): void {
    this.#response.write(block)
  }

  onResponseEnd(): void {
    this.#response.end()
  }

  onResponseError(): void {
    this.#response.destroy()
  }
}

function forward(incoming: IncomingMessage, response: ServerResponse): void {
  const blocks: Buffer[] = []
  incoming.on('data', (block: Buffer) => blocks.push(block))
  incoming.on('end', () => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer upstream-key' }
    const body = Buffer.concat(blocks)
    agent.dispatch({ origin, path: incoming.url ?? '/', method: 'POST', headers, body }, new Answer(response))
  })
}

const server = createServer({ keepAliveTimeout: 75_000 }, forward)
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('SIGTERM', () => process.exit(0))
