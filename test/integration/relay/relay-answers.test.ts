import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { deploymentAt } from '../../doubles/relay-server.ts'
import { readStream, useRelay } from './relay-harness.ts'

const relay = useRelay()

describe('what goes upstream', () => {
  it('is the client’s body but for the model, control fields and the wish for usage', async () => {
    const body =
      '{ "model":"group", "temperature":1.0e0,"x_unknown":[1.50],\n"fallbacks":["z"],"metadata":{"tags":["a"],"k":"v"},"stream":true,"messages":[ ] }'
    await readStream(await fetch(relay.server.url, { method: 'POST', body }))
    expect((await relay.upstream.nextRequest()).body.toString()).toBe(
      '{ "model":"model", "temperature":1.0e0,"x_unknown":[1.50],"metadata":{"k":"v"},"stream":true,"messages":[ ],"stream_options":{"include_usage":true} }',
    )
  })

  it('keeps the bytes inside metadata and stream_options too, however deep', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const ask = (fields: string): Promise<string> =>
      fetch(relay.server.url, { method: 'POST', body: `{"model":"group","messages":[],"stream":true,${fields}}` })
        .then(readStream)
        .then(async () => (await relay.upstream.nextRequest()).body.toString())
    expect(await ask(`"metadata":{ "n":1.0,"tags":["a"],"big":12345678901234567890,"d":${deep}}`)).toContain(
      `"metadata":{ "n":1.0,"big":12345678901234567890,"d":${deep}}`,
    )
    expect(await ask('"metadata":{"tags":["a"]}')).not.toContain('metadata')
    expect(await ask('"stream_options":{"x":1.0}')).toContain('"stream_options":{"x":1.0,"include_usage":true}')
    expect(await ask('"stream_options":{"include_usage":false,"x":1.0}')).toContain('{"include_usage":true,"x":1.0}')
    expect(await ask('"stream_options":{"x":1.0,"include_usage": true}')).toContain('{"x":1.0,"include_usage": true}')
    expect(await ask('"stream_options":null')).toContain('"stream_options":{"include_usage":true}')
  })

  it('carries the deployment’s key and none of the client’s headers', async () => {
    await fetch(relay.server.url, {
      method: 'POST',
      body: '{"model":"group","messages":[]}',
      headers: { authorization: 'Bearer sk-inbound', 'x-api-key': 'inbound', cookie: 'a=b' },
    })
    const { headers } = await relay.upstream.nextRequest()
    expect(headers).not.toHaveProperty('authorization')
    expect(headers).not.toHaveProperty('x-api-key')
    expect(headers).not.toHaveProperty('cookie')
    expect(headers['accept-encoding']).toBe('identity')
  })

  it('adds defaults only where the client said nothing, in either spelling of the limit', async () => {
    relay.server.setDeployments([deploymentAt(relay.upstream.url, { defaults: { temperature: 0.2, max_tokens: 9 } })])
    await relay.post({ max_completion_tokens: 5 })
    expect((await relay.upstream.nextRequest()).json).toMatchObject({ temperature: 0.2, max_completion_tokens: 5 })
    expect(relay.upstream.requests[0]?.json).not.toHaveProperty('max_tokens')
  })

  it('renames a field for an upstream that knows it by another name, its value byte for byte', async () => {
    const renamedFields = { max_completion_tokens: 'max_tokens' }
    relay.server.setDeployments([
      deploymentAt(relay.upstream.url, { renamedFields, defaults: { max_completion_tokens: 9 } }),
    ])
    const ask = (fields: string): Promise<Response> =>
      fetch(relay.server.url, { method: 'POST', body: `{"model":"group","messages":[]${fields}}` })
    await ask(',"max_completion_tokens": 5.0')
    expect((await relay.upstream.nextRequest()).body.toString()).toContain('"max_tokens":5.0')
    await ask('')
    expect((await relay.upstream.nextRequest()).json).toMatchObject({ max_tokens: 9 })
    const both = await ask(',"max_completion_tokens":5,"max_tokens":6')
    const { json } = await relay.upstream.nextRequest()
    expect(json).toMatchObject({ max_tokens: 6 })
    expect(json).not.toHaveProperty('max_completion_tokens')
    expect(both.headers.get('x-signalbox-warning')).toContain(
      'dropped max_completion_tokens: max_tokens is sent already',
    )
  })

  it('never lets a request set a base URL, a header or a price, and says so', async () => {
    const response = await relay.post({
      api_base: 'http://127.0.0.1:1',
      extra_headers: { a: 'b' },
      input_cost_per_token: 0,
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-signalbox-warning')).toMatch(/api_base.*extra_headers.*input_cost_per_token/)
    expect(Object.keys((await relay.upstream.nextRequest()).json ?? {})).toEqual(['model', 'messages'])
  })

  it('leaves stream_options out where the upstream refuses it', async () => {
    relay.server.setDeployments([deploymentAt(relay.upstream.url, { acceptsStreamOptions: false })])
    relay.upstream.reply({ kind: 'stream', text: 'x', usagePlace: 'finish-chunk', usage: { prompt: 4, completion: 2 } })
    const text = await readStream(await relay.post({ stream: true, stream_options: { include_usage: true } }))
    expect(relay.upstream.requests[0]?.json).not.toHaveProperty('stream_options')
    expect(text).toContain('"usage"')
    expect((await relay.server.nextRow()).usage).toMatchObject({ inputTokens: 4, outputTokens: 2 })
  })
})

describe('a JSON answer', () => {
  it('keeps the upstream’s bytes and carries cost and model in headers', async () => {
    const body =
      '{ "id":"x", "choices":[{"index":0,"message":{"content":"\\u00e9"},"finish_reason":"stop"}], "usage":{"prompt_tokens":3,"completion_tokens":150}, "extra": 1.0 }'
    relay.upstream.reply({
      kind: 'raw',
      headers: { 'content-type': 'application/json', 'x-ratelimit-remaining-requests': '7', 'set-cookie': 'a=b' },
      body: [body],
    })
    const response = await relay.post({})
    expect(await response.text()).toBe(body)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-litellm-call-id': 'call-0',
      'x-litellm-model-id': 'id-model',
      'x-signalbox-model': 'group',
      'x-litellm-response-cost': '0.00000015',
      'x-litellm-attempted-fallbacks': '0',
      'x-litellm-attempted-retries': '0',
      'x-ratelimit-remaining-requests': '7',
    })
    expect(response.headers.has('set-cookie')).toBe(false)
  })

  it('goes out only after its row is committed', async () => {
    const release = relay.server.holdCommits()
    let answered = false
    const answer = relay.post({}).then((response) => {
      answered = true
      return response.text()
    })
    await relay.server.nextRow()
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(answered).toBe(false)
    release()
    await answer
  })

  it('goes out although its row cannot be kept', async () => {
    relay.server.failCommits()
    expect((await relay.post({})).status).toBe(200)
  })
})

describe('a stream', () => {
  it('goes through unchanged, its end marker after the commit', async () => {
    relay.upstream.reply({ kind: 'stream', text: ['a', 'é', '🚦'], usage: { prompt: 5, completion: 2 } })
    const release = relay.server.holdCommits()
    const response = await relay.post({ stream: true, stream_options: { include_usage: true } })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('"usage":{')) text += (await reader?.read())?.value ?? ''
    await relay.server.nextRow()
    expect(text).not.toContain('[DONE]')
    release()
    for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) text += next.value
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  it('withholds a usage chunk that was not asked for, and counts it', async () => {
    relay.upstream.reply({ kind: 'stream', text: 'x', usage: { prompt: 5, completion: 2, cached: 3 } })
    const text = await readStream(await relay.post({ stream: true }))
    expect(text).not.toContain('prompt_tokens')
    expect((await relay.server.nextRow()).usage).toMatchObject({ inputTokens: 5, cachedTokens: 3, outputTokens: 2 })
  })

  it.each([
    ['CRLF framing', { framing: 'crlf' }],
    ['one byte at a time', { writes: 1 }],
    ['everything in one write', { writes: 'at-once' }],
    ['comments between events', { comments: true }],
    ['no end marker', { done: false }],
  ] as const)('survives %s', async (_name, quirk) => {
    relay.upstream.reply({ kind: 'stream', text: ['Grüße ', '🚦'], usage: { prompt: 5, completion: 2 }, ...quirk })
    const text = await readStream(await relay.post({ stream: true }))
    const content = [...text.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]).join('')
    expect(content).toBe('Grüße 🚦')
    expect(text).toContain('[DONE]')
    expect(await relay.server.nextRow()).toMatchObject({ status: 200, errorCode: null, usage: { outputTokens: 2 } })
  })

  it.each([1, 2, 3, 4])('that is cut after %i events is never a success', async (cutAfter) => {
    relay.upstream.reply({ kind: 'stream', text: ['a', 'b', 'c', 'd', 'e', 'f'], cutAfter })
    const response = await relay.post({ stream: true })
    const text = await readStream(response)
    expect(text).not.toContain('[DONE]')
    expect(text).toContain('"error"')
    const row = await relay.server.nextRow()
    expect(row.errorCode).toBe('upstream_error')
  })

  it('that ends without a finish is an error too', async () => {
    relay.upstream.reply({
      kind: 'raw',
      headers: { 'content-type': 'text/event-stream' },
      body: ['data: {"choices":[{"delta":{"content":"a"}}]}\n\n'],
    })
    const text = await readStream(await relay.post({ stream: true }))
    expect(text).toContain('upstream_stream_cut')
    expect((await relay.server.nextRow()).errorCode).toBe('upstream_stream_cut')
  })

  it('with an error after output ends with that error', async () => {
    relay.upstream.reply({ kind: 'stream', text: ['a', 'b', 'c'], errorAfter: { events: 3, message: 'overloaded' } })
    const text = await readStream(await relay.post({ stream: true }))
    expect(text).toContain('overloaded')
    expect(text).not.toContain('[DONE]')
  })

  it('with an error before output moves on without a trace', async () => {
    relay.upstream.reply({ kind: 'stream', text: ['a'], errorAfter: { events: 1, message: 'overloaded' } })
    relay.second.reply({ kind: 'stream', text: ['from the second'] })
    relay.server.setDeployments([deploymentAt(relay.upstream.url), deploymentAt(relay.second.url)])
    const response = await relay.post({ stream: true })
    expect(await readStream(response)).toContain('from the second')
    expect(response.headers.get('x-litellm-attempted-fallbacks')).toBe('1')
    expect(response.headers.get('x-litellm-attempted-retries')).toBe('0')
  })

  it('is made of a JSON answer where the upstream ignored `stream`', async () => {
    relay.upstream.reply({ kind: 'completion', text: 'whole', usage: { prompt: 1, completion: 1 } })
    const text = await readStream(await relay.post({ stream: true }))
    expect(text).toMatch(/"delta":\{.*"content":"whole"/)
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  it('stops reading upstream while the client does not read', async () => {
    const piece = 'x'.repeat(64 * 1024)
    relay.upstream.reply({ kind: 'stream', text: Array.from({ length: 400 }, () => piece) })
    const client = httpRequest(relay.server.url, { method: 'POST' })
    const received = await new Promise<number>((resolve) => {
      client.on('response', (response) => {
        let bytes = 0
        setTimeout(() => {
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length
          })
          response.on('end', () => resolve(bytes))
        }, 200)
      })
      client.end('{"model":"group","messages":[],"stream":true}')
    })
    expect(received).toBeGreaterThan(400 * 64 * 1024)
  })
})
