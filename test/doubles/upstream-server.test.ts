import { request as startRequest, Agent } from 'node:http'
import { createParser } from 'eventsource-parser'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGate, startUpstream, type Script, type Upstream } from './upstream-server.ts'

let upstream: Upstream

beforeEach(async () => {
  upstream = await startUpstream()
})

afterEach(() => upstream.close())

const ask = (members: Record<string, unknown> = {}, signal?: AbortSignal): Promise<Response> =>
  fetch(`${upstream.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm-1', messages: [{ role: 'user', content: 'hello' }], ...members }),
    signal: signal ?? null,
  })

const askStream = (): Promise<Response> => ask({ stream: true, stream_options: { include_usage: true } })

function dataLines(text: string): string[] {
  const lines: string[] = []
  const parser = createParser({ onEvent: (event) => lines.push(event.data) })
  parser.feed(text)
  return lines
}

function streamedText(text: string): string {
  return dataLines(text)
    .filter((line) => line !== '[DONE]')
    .map((line) => JSON.parse(line) as { choices: { delta: { content?: string } }[] })
    .map((chunk) => chunk.choices[0]?.delta.content ?? '')
    .join('')
}

describe('answers', () => {
  test('says hello in JSON and records the request as it came', async () => {
    const body = await (await ask()).json()
    expect(body).toMatchObject({
      object: 'chat.completion',
      model: 'm-1',
      choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'Hello.' } }],
      usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
    })
    const request = await upstream.nextRequest()
    expect(request).toMatchObject({ index: 0, method: 'POST', path: '/v1/chat/completions', reusedSocket: false })
    expect(JSON.parse(request.body.toString())).toEqual(request.json)
  })

  test('gives tool calls whole in JSON and in fragments in a stream', async () => {
    const toolCalls = [{ id: 'call_1', name: 'read', arguments: ['{"path":', '"a.txt"}'] }]
    upstream.replyOnce({ kind: 'completion', toolCalls }, { kind: 'stream', toolCalls })
    expect(await (await ask()).json()).toMatchObject({
      choices: [
        {
          finish_reason: 'tool_calls',
          message: { content: null, tool_calls: [{ function: { arguments: '{"path":"a.txt"}' } }] },
        },
      ],
    })
    const lines = dataLines(await (await askStream()).text())
    expect(lines.filter((line) => line.includes('"arguments"'))).toHaveLength(3)
  })

  test('chooses by queue, then by model, then the default', async () => {
    upstream.reply({ kind: 'error', status: 418 })
    upstream.replyFor('m-1', { kind: 'error', status: 404 })
    upstream.replyOnce({ kind: 'error', status: 429, headers: { 'retry-after': '7' } })
    const first = await ask()
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7'])
    expect((await ask()).status).toBe(404)
    expect((await ask({ model: 'other' })).status).toBe(418)
  })

  test('forgets everything when reset', async () => {
    upstream.reply({ kind: 'error', status: 418 })
    upstream.replyFor('m-1', { kind: 'error', status: 404 })
    upstream.replyOnce({ kind: 'error', status: 429 }, { kind: 'error', status: 500 })
    await ask()
    upstream.reset()
    expect((await ask()).status).toBe(200)
    expect(upstream.requests).toHaveLength(1)
  })

  test('sends wrong content types and gzip when told to', async () => {
    upstream.replyOnce(
      { kind: 'raw', status: 200, headers: { 'content-type': 'text/html' }, body: ['<html>'] },
      { kind: 'completion', text: 'Packed.', gzip: true },
    )
    expect((await ask()).headers.get('content-type')).toBe('text/html')
    const packed = await ask()
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(await packed.text()).toContain('Packed.')
  })
})

describe('streams', () => {
  test('has role, deltas, finish, usage and the terminal line when usage was asked for', async () => {
    const lines = dataLines(await (await askStream()).text())
    expect(lines).toHaveLength(6)
    expect(lines[0]).toContain('"role":"assistant"')
    expect(JSON.parse(lines[4] ?? '')).toMatchObject({ choices: [], usage: { prompt_tokens: 20 } })
    expect(lines[5]).toBe('[DONE]')
  })

  test('keeps usage to itself when nobody asked', async () => {
    expect(await (await ask({ stream: true })).text()).not.toContain('usage')
  })

  test.each<[string, Script]>([
    ['CRLF framing', { kind: 'stream', text: ['Grüße ', '🦊'], framing: 'crlf' }],
    ['one byte at a time', { kind: 'stream', text: ['Grüße ', '🦊'], writes: 1 }],
    ['seven bytes at a time with comments', { kind: 'stream', text: ['Grüße ', '🦊'], writes: 7, comments: true }],
    ['everything in one write', { kind: 'stream', text: ['Grüße ', '🦊'], writes: 'at-once' }],
    ['no terminal line', { kind: 'stream', text: ['Grüße ', '🦊'], done: false }],
    ['a slow trickle', { kind: 'stream', text: ['Grüße ', '🦊'], pauseMs: 1 }],
  ])('means the same with %s', async (_name, script) => {
    upstream.replyOnce(script)
    expect(streamedText(await (await askStream()).text())).toBe('Grüße 🦊')
  })

  test('puts usage into the finish chunk as Mistral does', async () => {
    upstream.replyOnce({
      kind: 'stream',
      text: 'Salut',
      usagePlace: 'finish-chunk',
      usage: { prompt: 3, completion: 2 },
    })
    const lines = dataLines(await (await ask({ stream: true })).text())
    expect(JSON.parse(lines.at(-2) ?? '')).toMatchObject({
      choices: [{ finish_reason: 'stop' }],
      usage: { total_tokens: 5 },
    })
  })

  test('ends with an error frame when told to', async () => {
    upstream.replyOnce({ kind: 'stream', text: 'Half', errorAfter: { events: 2, message: 'overloaded' } })
    const lines = dataLines(await (await askStream()).text())
    expect(lines).toHaveLength(3)
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ error: { message: 'overloaded' } })
  })

  test('is cut after the events it was told to send', async () => {
    upstream.replyOnce({ kind: 'stream', text: ['one ', 'two'], cutAfter: 2 })
    const response = await askStream()
    let text = ''
    const reading = async (): Promise<void> => {
      const decoder = new TextDecoder()
      for await (const block of response.body ?? []) text += decoder.decode(block, { stream: true })
    }
    await expect(reading()).rejects.toThrow('terminated')
    expect(streamedText(text)).toBe('one ')
  })

  test('waits at a gate', async () => {
    const gate = createGate()
    upstream.replyOnce({ kind: 'stream', text: ['one ', 'two'], stall: { events: 2, gate } })
    const response = await askStream()
    const reader = (response.body ?? new ReadableStream()).getReader()
    const before = await reader.read()
    expect(new TextDecoder().decode(before.value as Uint8Array)).toContain('role')
    gate.open()
    let rest = ''
    for (let block = await reader.read(); !block.done; block = await reader.read()) {
      rest += new TextDecoder().decode(block.value)
    }
    expect(rest).toContain('[DONE]')
  })
})

describe('connections', () => {
  test('notices a client that leaves in the middle', async () => {
    const gate = createGate()
    upstream.replyOnce({ kind: 'stream', text: 'one', stall: { events: 1, gate } })
    const leaving = new AbortController()
    await ask({ stream: true }, leaving.signal)
    const request = await upstream.nextRequest()
    leaving.abort()
    await request.aborted
  })

  test('resets a reused socket and answers on a fresh one', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const send = (): Promise<number> =>
      new Promise((resolve, reject) => {
        const outgoing = startRequest(`${upstream.url}/chat/completions`, { method: 'POST', agent }, (incoming) => {
          incoming.resume().once('end', () => resolve(incoming.statusCode ?? 0))
        })
        outgoing.once('error', reject)
        outgoing.end('{}')
      })
    upstream.reply({ kind: 'reset', when: 'reused' })
    expect(await send()).toBe(200)
    await expect(send()).rejects.toThrow(/ECONNRESET|socket hang up/)
    expect(await send()).toBe(200)
    expect(upstream.requests.map((request) => request.reusedSocket)).toEqual([false, true, false])
    agent.destroy()
  })

  test('closes while a request waits at a gate nobody opens', async () => {
    const other = await startUpstream()
    other.reply({ kind: 'stall', gate: createGate() })
    const waiting = fetch(`${other.url}/chat/completions`, { method: 'POST', body: '{}' })
    await other.nextRequest()
    await Promise.all([expect(waiting).rejects.toThrow('fetch failed'), other.close()])
    expect(other.openSockets()).toBe(0)
  })
})
