import { createServer } from 'node:http'

/*
 * node model-server.ts <host> <port> <name>: an OpenAI-compatible server for a network namespace. It answers every chat with
 * its name; a chat whose text is `wait for <name>` is never answered, `begin <name>` gets the start of a stream.
 */

const [host = '127.0.0.1', port = '0', name = 'server'] = process.argv.slice(2)

const server = createServer((request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    const text = Buffer.concat(pieces).toString()
    response.setHeader('content-type', 'application/json')
    if (request.method === 'GET') {
      response.end(JSON.stringify({ object: 'list', data: [{ id: name, object: 'model' }] }))
    } else if (text.includes(`begin ${name}`)) {
      response.setHeader('content-type', 'text/event-stream')
      response.write(`data: ${JSON.stringify(chunk({ role: 'assistant', content: name }))}\n\n`)
    } else if (!text.includes(`wait for ${name}`)) {
      const message = { role: 'assistant', content: name }
      const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
      const choices = [{ index: 0, message, finish_reason: 'stop' }]
      response.end(JSON.stringify({ id: 'x', object: 'chat.completion', created: 1, model: name, choices, usage }))
    }
  })
})

function chunk(delta: object) {
  const choices = [{ index: 0, delta, finish_reason: null }]
  return { id: 'x', object: 'chat.completion.chunk', created: 1, model: name, choices }
}

server.listen(Number(port), host, () => process.stdout.write('ready\n'))
