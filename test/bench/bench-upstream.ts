import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { completionBody, streamChunks } from '../doubles/upstream/completion-shapes.ts'

/*
 * The upstream of the benchmarks: a process of its own that answers at once with bytes made beforehand, so that what is
 * measured is the way there. Prints its origin. Ends with SIGTERM.
 */

const answerText = 'An answer of the size that short questions get. '.repeat(8)
const usage = { prompt: 20, completion: 90 }
const completion = Buffer.from(JSON.stringify(completionBody({ kind: 'completion', text: answerText, usage }, 'bench')))
const completionHead = { 'content-type': 'application/json', 'content-length': completion.length }

/** 20 events: role, 16 deltas, finish, usage and the terminal line, as one write each. */
const events = [
  ...streamChunks(
    { kind: 'stream', text: Array.from({ length: 16 }, () => 'a few words '), usage, usagePlace: 'every-stream' },
    'bench',
    true,
  ).map((chunk) => JSON.stringify(chunk)),
  '[DONE]',
].map((data) => Buffer.from(`data: ${data}\n\n`))
const streamHead = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }

const server = createServer({ keepAliveTimeout: 0 }, (incoming, response) => {
  const blocks: Buffer[] = []
  incoming.on('data', (block: Buffer) => blocks.push(block))
  incoming.on('end', () => {
    if (blocks.some((block) => block.includes('"stream":true'))) {
      response.writeHead(200, streamHead)
      for (const event of events) response.write(event)
      response.end()
    } else {
      response.writeHead(200, completionHead)
      response.end(completion)
    }
  })
})

server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('SIGTERM', () => process.exit(0))
