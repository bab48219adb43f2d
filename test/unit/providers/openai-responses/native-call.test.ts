import { describe, expect, it } from 'vitest'
import type { Deployment } from '../../../../gateway/config/gateway-config.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import { scanTopLevelFields } from '../../../../gateway/model/json-fields.ts'
import type { JsonObject, JsonValue } from '../../../../gateway/model/json.ts'
import { sealState } from '../../../../gateway/model/sealed-state.ts'
import { Secret } from '../../../../gateway/model/secret.ts'
import { createOpenAiResponsesProvider } from '../../../../gateway/providers/openai-responses/openai-responses-provider.ts'
import type { PreparedCall } from '../../../../gateway/providers/provider.ts'
import type { UpstreamRequest, UpstreamSink } from '../../../../gateway/upstream/upstream-exchange.ts'
import { deploymentDouble } from '../../../doubles/deployment.ts'
import { responseBody, responseEvents, responsesStream } from '../../../doubles/wires/responses-upstream.ts'
import { modelRequest, readAll, scope } from './call-double.ts'

const sent: UpstreamRequest[] = []
const provider = createOpenAiResponsesProvider({
  userAgent: 'Signalbox/test',
  upstream: {
    send: (request) => {
      sent.push(request)
      return { abort: () => {}, pause: () => {}, resume: () => {} }
    },
    close: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
    quietMs: () => undefined,
    drop: () => undefined,
  },
})
const sink: UpstreamSink = { onHead: () => {}, onData: () => {}, onEnd: () => {}, onError: () => {} }

interface Given {
  readonly deployment?: Partial<Omit<Deployment, 'prices'>>
  readonly defaults?: Readonly<Record<string, JsonValue>>
  readonly headers?: Record<string, string>
}

function prepare(text: string, given: Given = {}): PreparedCall {
  const body = Buffer.from(text)
  return provider.prepareNative({
    deployment: deploymentDouble({
      adapter: 'openai-responses',
      upstreamModel: 'gpt-5.5',
      baseUrl: 'https://api.openai.com/v1',
      ...given.deployment,
    }),
    body,
    fields: scanTopLevelFields(body),
    stream: true,
    defaults: given.defaults ?? {},
    dialectHeaders: given.headers ?? {},
  })
}

function sentBy(call: { send(to: UpstreamSink): unknown }): UpstreamRequest {
  call.send(sink)
  const request = sent.at(-1)
  if (request === undefined) throw new Error('nothing was sent')
  return request
}

const bodyOf = (call: PreparedCall): string => Buffer.from(sentBy(call).body ?? []).toString()
const parsed = (call: PreparedCall): JsonObject => JSON.parse(bodyOf(call)) as JsonObject

describe('a Responses request that passes through', () => {
  it('keeps every byte but the model, unknown fields included', () => {
    const text = '{ "model":"router", "input":[{"role":"user","content":"h\\u00e9"}],"new_thing":1.50,\n"store":true}'
    expect(bodyOf(prepare(text))).toBe(text.replace('"router"', '"gpt-5.5"'))
  })

  it('goes to /responses with the key of the deployment and the headers of the dialect, and no others', () => {
    const secret = new Secret('sk-test')
    const call = prepare('{"model":"m","input":"x"}', {
      deployment: { apiKey: { kind: 'value', secret }, headers: { 'openai-project': 'p' } },
      headers: { 'openai-beta': 'responses=v2' },
    })
    expect(sentBy(call)).toMatchObject({ method: 'POST', url: 'https://api.openai.com/v1/responses' })
    expect(sentBy(call).headers).toEqual({
      'openai-beta': 'responses=v2',
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'accept-encoding': 'identity',
      'user-agent': 'Signalbox/test',
      'openai-project': 'p',
      authorization: 'Bearer sk-test',
    })
  })

  it('loses what speaks to a gateway, what a request may not set and what the deployment refuses', () => {
    const text = JSON.stringify({
      model: 'm',
      input: 'x',
      fallbacks: ['b'],
      api_base: 'http://evil',
      user: 'u',
      client_metadata: { cwd: '/home' },
      metadata: { tags: ['t'], a: 'b' },
    })
    const call = prepare(text, { deployment: { refusedFields: ['user'] } })
    expect(parsed(call)).toEqual({ model: 'gpt-5.5', input: 'x', metadata: { a: 'b' } })
    expect(call.warnings).toEqual([
      'dropped api_base: a request may not set it',
      'dropped user: openai does not accept it',
    ])
  })

  it('gets the defaults of the deployment under its own words', () => {
    const text = JSON.stringify({ model: 'm', input: 'x', reasoning: { summary: 'auto' } })
    const defaults = { max_tokens: 50, reasoning_effort: 'high', temperature: 1 }
    expect(parsed(prepare(text, { defaults }))).toMatchObject({
      max_output_tokens: 50,
      reasoning: { effort: 'high', summary: 'auto' },
      temperature: 1,
    })
  })

  it('loses reasoning that we had sealed for another upstream, and keeps its own (§9 #44)', () => {
    const own = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAA' }
    const sealed = {
      type: 'reasoning',
      id: 'rs_2',
      summary: [],
      encrypted_content: sealState([{ scope: 'x', kind: 'signature', data: 's' }]),
    }
    const message = { role: 'user', content: 'the text "sbx1. stays' }
    expect(parsed(prepare(JSON.stringify({ model: 'm', input: [own, sealed, message] }))).input).toEqual([own, message])
  })

  it.each([
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: { id: 'c' } }],
    ['background', { background: true }],
  ])('is refused with %s, which no gateway can hold', (param, more) => {
    const text = JSON.stringify({ model: 'm', input: 'x', ...more })
    expect(() => prepare(text)).toThrowError(expect.objectContaining({ code: 'unsupported_field', status: 400, param }))
  })

  it('may say that it wants none of that', () => {
    expect(parsed(prepare('{"model":"m","input":"x","previous_response_id":null,"background":false}'))).toHaveProperty(
      'background',
      false,
    )
  })
})

describe('a Responses stream that passes through', () => {
  const open = () => prepare('{"model":"m","input":"x"}').openStream()
  const events = responseEvents({ text: ['Hel', 'lo'], usage: { input: 9, output: 2, cached: 4 } })
  const bytes = responsesStream(events)

  const run = (chunks: readonly Buffer[]) => {
    const tap = open()
    const out = chunks.flatMap((chunk) => [...tap.feed(chunk)])
    out.push(...tap.finish())
    return { tap, text: Buffer.concat(out).toString() }
  }

  it('gives on every byte but the terminal event, however they are cut', () => {
    const expected = responsesStream(events.slice(0, -1)).toString()
    const single = Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1))
    for (const chunks of [[bytes], single]) {
      const { tap, text } = run(chunks)
      expect(text).toBe(expected)
      expect(tap).toMatchObject({ complete: true, terminated: true, sawOutput: true, failure: undefined })
      expect(tap.usage).toMatchObject({ inputTokens: 9, cachedTokens: 4, outputTokens: 2 })
      expect(tap.terminal.toString()).toBe(responsesStream(events.slice(-1)).toString())
    }
  })

  it('has no output before the first delta', () => {
    const tap = open()
    tap.feed(responsesStream(events.slice(0, 4)))
    expect(tap.sawOutput).toBe(false)
    tap.feed(responsesStream(events.slice(4, 5)))
    expect(tap.sawOutput).toBe(true)
  })

  it('counts an incomplete answer as complete, and takes an end without a blank line', () => {
    const cut = responsesStream(responseEvents({ text: ['x'], end: 'max_output_tokens' }), { lastBlankLine: false })
    const { tap } = run([cut])
    expect(tap).toMatchObject({ complete: true, terminated: true })
    expect(tap.terminal.toString()).toMatch(/^event: response.incomplete\n.*\n\n$/)
  })

  it('never takes a cut stream for complete (§9 #69)', () => {
    const { tap } = run([bytes.subarray(0, bytes.length - 40)])
    expect(tap).toMatchObject({ complete: false, terminated: false })
  })

  it('keeps a failure back, tells it and ends with the upstream words (§9 #6, #85)', () => {
    const failed = responseEvents({ text: ['x'], end: { code: 'rate_limit_exceeded', message: 'slow' } })
    const { tap, text } = run([responsesStream(failed)])
    expect(text).not.toContain('response.failed')
    expect(tap.failure).toMatchObject({ code: 'rate_limited' })
    expect(tap.fail?.(new GatewayError('upstream_error', 'x')).toString()).toBe(
      responsesStream(failed.slice(-1)).toString(),
    )
  })

  it('ends a cut stream with a failure in the order of its numbers', () => {
    const { tap } = run([responsesStream(events.slice(0, 5))])
    const ending = tap.fail?.(new GatewayError('upstream_stream_cut', 'cut')).toString() ?? ''
    const event = JSON.parse(ending.split('data: ')[1] ?? '') as JsonObject
    expect(event).toMatchObject({
      type: 'response.failed',
      sequence_number: 5,
      response: { id: 'resp_double', status: 'failed', error: { code: 'server_error', message: 'cut' } },
    })
  })

  it('leaves private events out (§9 #19) and words of the model in', () => {
    const private_ = [{ type: 'codex.rate_limits' }, { type: 'responsesapi.websocket_timing' }]
    const quoted = {
      type: 'response.output_text.delta',
      sequence_number: 9,
      delta: '"type":"codex.x" "type":"response.completed" "error":{"a":1}',
    }
    const { text, tap } = run([responsesStream([...private_, quoted])])
    expect(text).toBe(responsesStream([quoted]).toString())
    expect(tap).toMatchObject({ complete: false, failure: undefined })
  })

  it('becomes a stream where the upstream ignored the wish for one', () => {
    const body = responseBody({ text: ['Hel', 'lo'], calls: [{ callId: 'c1', name: 'n', fragments: ['{"a":1}'] }] })
    const answer = prepare('{"model":"m","input":"x"}').readAnswer(Buffer.from(JSON.stringify(body)), {})
    const { events: head, terminal } = answer.asStream()
    const parts = readAll(Buffer.concat([head, terminal]))
    expect(parts.flatMap((part) => (part.type === 'part-delta' ? [part.text] : []))).toEqual(['Hello', '{"a":1}'])
    expect(JSON.parse(terminal.toString().split('data: ')[1] ?? '')).toMatchObject({
      type: 'response.completed',
      response: body,
    })
    expect(answer.usage).toMatchObject({ inputTokens: 20 })
  })

  it.each([
    ['a login page', '<html>', 'upstream_invalid_answer'],
    ['a chat completion', '{"choices":[]}', 'upstream_invalid_answer'],
    ['an error in a 200', '{"error":{"message":"no","code":"context_length_exceeded"}}', 'context_length_exceeded'],
    [
      'a failed response',
      '{"status":"failed","error":{"code":"server_error","message":"x"},"output":[]}',
      'upstream_error',
    ],
  ])('refuses %s as an answer', (_name, text, code) => {
    expect(() => prepare('{"model":"m","input":"x"}').readAnswer(Buffer.from(text), {})).toThrowError(
      expect.objectContaining({ code }),
    )
  })
})

describe('a call of another dialect', () => {
  it('is written, sent and read through one prepared call', () => {
    const call = provider.prepareModel({
      deployment: deploymentDouble({ upstreamModel: 'gpt-5.5', baseUrl: 'https://api.openai.com/v1' }),
      request: modelRequest({ stream: true, tools: [{ type: 'function', name: 'close', namespace: 'agents' }] }),
      scope,
      defaults: {},
    })
    const request = sentBy(call)
    expect(JSON.parse(Buffer.from(request.body ?? []).toString())).toMatchObject({
      model: 'gpt-5.5',
      stream: true,
      store: false,
    })
    const bytes = responsesStream(
      responseEvents({ calls: [{ callId: 'c1', name: 'agents__close', fragments: ['{}'] }] }),
    )
    const opened = call
      .openReader()
      .feed(bytes)
      .find((part) => part.type === 'part-start')
    expect(opened?.part).toMatchObject({ name: 'close', namespace: 'agents' })
    const refused = Buffer.from(
      '{"error":{"message":"This model has a maximum context length of 5","code":"context_length_exceeded"}}',
    )
    expect(call.readFailure(400, {}, refused)).toMatchObject({ code: 'context_length_exceeded', status: 400 })
  })
})
