import OpenAI, { toFile } from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { type RecordedRequest, type Script, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'

/* Uploads, files and batches: the openai SDK and bare forms through a real gateway. */

let upstream: Upstream
let gateway: GatewayProcess
let client: OpenAI

const sound = Buffer.from([0x52, 0x49, 0x46, 0x46, 0, 13, 10, 45, 45, 255])

/** What was asked of the upstream; that the gateway looks at its list of models is no part of these tests. */
const asked = (): readonly RecordedRequest[] => upstream.requests.filter(({ path }) => !/\/models(?:\?|$)/.test(path))

beforeAll(async () => {
  upstream = await startUpstream()
  gateway = await startGatewayProcess({
    config: `
model_list:
  - model_name: ears
    litellm_params: { model: openai/whisper-upstream, api_base: "${upstream.url}", api_key: upstream-key, language: de }
  - model_name: ears
    litellm_params: { model: openai/whisper-other, api_base: "${upstream.url}", api_key: other-key, order: 2 }
  - model_name: priced
    litellm_params: { model: openai/transcriber, api_base: "${upstream.url}", api_key: k, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 }
  - model_name: claude
    litellm_params: { model: anthropic/claude-upstream, api_key: k, api_base: "${upstream.origin}" }
  - model_name: messages-only
    litellm_params: { model: messages-only/claude-upstream, api_key: k }
providers: { messages-only: { base_url: "${upstream.url}", wires: [anthropic] } }
signalbox: { body_limit_mb: 1 }
router_settings: { num_retries: 0, fallbacks: [{ ears: [priced] }] }
`,
  })
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.masterKey, maxRetries: 0 })
})
beforeEach(() => upstream.reset())
afterAll(async () => {
  await gateway.remove()
  await upstream.close()
})

function answer(body: string, type = 'application/json'): Script {
  return { kind: 'raw', headers: { 'content-type': type }, body: [body] }
}

/** The form that reached the upstream, read by a reader that is not ours. */
async function sentForm(request: RecordedRequest | undefined): Promise<FormData> {
  const headers = { 'content-type': request?.headers['content-type'] ?? '' }
  return await new Response(new Uint8Array(request?.body ?? []), { headers }).formData()
}

function formOf(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new File([sound], 'a.wav', { type: 'audio/wav' }))
  return form
}

const post = (path: string, body: FormData, headers: Record<string, string> = {}): Promise<Response> =>
  gateway.request(path, { method: 'POST', body, headers })

describe('a transcription', () => {
  it('goes out with the model of the upstream and comes back as it is', async () => {
    upstream.reply(answer('{"text":"hello",  "usage":{"type":"duration","seconds":3}}'))
    const { data, response } = await client.audio.transcriptions
      .create({
        model: 'ears',
        file: await toFile(sound, 'a.wav'),
        response_format: 'json',
        timestamp_granularities: ['word'],
      })
      .withResponse()
    expect(data).toEqual({ text: 'hello', usage: { type: 'duration', seconds: 3 } })
    const [request] = asked()
    expect(request).toMatchObject({
      path: '/v1/audio/transcriptions',
      headers: { authorization: 'Bearer upstream-key' },
    })
    const form = await sentForm(request)
    expect(form.get('model')).toBe('whisper-upstream')
    expect(form.get('language')).toBe('de')
    expect(form.getAll('timestamp_granularities[]')).toEqual(['word'])
    const file = form.get('file') as File
    expect(file.name).toBe('a.wav')
    expect(Buffer.from(await file.bytes())).toEqual(sound)
    expect(response.headers.get('x-signalbox-cost')).toBe('unknown')
    expect(await gateway.recorded(1)).toMatchObject([
      { model: 'ears', askedModel: 'ears', status: 200, costNanoUsd: null },
    ])
  })

  it.each(['/v1/audio/transcriptions', '/audio/transcriptions', '/v1/v1/audio/translations'])('at %s', async (path) => {
    upstream.reply(answer('1\n00:00:00,000 --> 00:00:01,000\nhi\n', 'application/x-subrip'))
    const response = await post(path, formOf({ model: 'ears', response_format: 'srt' }))
    expect(response.headers.get('content-type')).toBe('application/x-subrip')
    expect(await response.text()).toBe('1\n00:00:00,000 --> 00:00:01,000\nhi\n')
  })

  it('streams its events, prices its tokens and keeps the row', async () => {
    const events = [
      'data: {"type":"transcript.text.delta","delta":"hel"}\n\n',
      'data: {"type":"transcript.text.delta","delta":"lo"}\n\n',
      'data: {"type":"transcript.text.done","text":"hello","usage":{"type":"tokens","input_tokens":10,"output_tokens":2,"total_tokens":12}}\n\n',
    ]
    upstream.reply({ kind: 'raw', headers: { 'content-type': 'text/event-stream' }, body: events })
    const stream = await client.audio.transcriptions.create({
      model: 'priced',
      file: await toFile(sound, 'a.wav'),
      stream: true,
    })
    const types: string[] = []
    for await (const event of stream) types.push(event.type)
    expect(types).toEqual(['transcript.text.delta', 'transcript.text.delta', 'transcript.text.done'])
    expect(await gateway.recorded(1)).toMatchObject([{ stream: true, status: 200, costNanoUsd: 14_000 }])
  })

  it('a stream cut before its last event is no success', async () => {
    upstream.reply({
      kind: 'raw',
      headers: { 'content-type': 'text/event-stream' },
      body: ['data: {"type":"transcript.text.delta","delta":"hel"}\n\n'],
    })
    const text = await (await post('/v1/audio/transcriptions', formOf({ model: 'priced', stream: 'true' }))).text()
    expect(text).toContain('upstream_stream_cut')
    expect(await gateway.recorded(1)).toMatchObject([{ errorCode: 'upstream_stream_cut' }])
  })

  it('a model that cannot stream gives its transcript all the same', async () => {
    upstream.reply(answer('{"text":"hello"}'))
    const text = await (await post('/v1/audio/transcriptions', formOf({ model: 'ears', stream: 'true' }))).text()
    expect(text).toContain('"type":"transcript.text.done","text":"hello"')
  })

  it('fields for the gateway stay here, and none sets an address or a price', async () => {
    upstream.reply(answer('{"text":"x"}'))
    const response = await post(
      '/v1/audio/transcriptions',
      formOf({ model: 'ears', prompt: 'p', tags: 't', api_base: 'http://evil.example', input_cost_per_token: '0' }),
    )
    expect([...(await sentForm(asked()[0])).keys()].toSorted()).toEqual(['file', 'language', 'model', 'prompt'])
    expect(response.headers.get('x-signalbox-warning')).toContain('dropped api_base')
  })

  it.each<[string, Readonly<Record<string, string>>, number, string, string | null]>([
    ['no model', {}, 400, 'missing_field', 'model'],
    ['an unknown model', { model: 'nobody' }, 400, 'model_not_found', 'model'],
    ['a model without such an endpoint', { model: 'messages-only' }, 400, 'unsupported_model', 'model'],
    ['a strange stream', { model: 'ears', stream: 'maybe' }, 400, 'invalid_field', 'stream'],
  ])('%s is refused', async (_name, fields, status, code, param) => {
    const response = await post('/v1/audio/transcriptions', formOf(fields))
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { code, param } })
    expect(asked()).toHaveLength(0)
  })

  it('an endpoint that the provider does not have is one 404, and no reason to try its other wires', async () => {
    const response = await post('/v1/audio/transcriptions', formOf({ model: 'claude' }))
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_not_found' } })
    expect(asked()).toHaveLength(1)
  })

  it('two models, a model in a file, a broken form, and more than the limit are refused', async () => {
    const two = formOf({ model: 'ears' })
    two.append('model', 'claude')
    expect(await (await post('/v1/audio/transcriptions', two)).json()).toMatchObject({
      error: { code: 'duplicate_key' },
    })
    const hidden = new FormData()
    hidden.append('model', new File(['ears'], 'model.txt'))
    expect(await (await post('/v1/images/edits', hidden)).json()).toMatchObject({ error: { code: 'invalid_field' } })
    const broken = await gateway.request('/v1/audio/transcriptions', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Disposition: form-data; name="model"\r\n\r\nears',
    })
    expect(await broken.json()).toMatchObject({ error: { code: 'invalid_form' } })
    const large = new FormData()
    large.append('model', 'ears')
    large.append('file', new File([Buffer.alloc(1_100_000)], 'a.wav'))
    expect((await post('/v1/audio/transcriptions', large)).status).toBe(413)
    expect(asked().map(({ method, path }) => `${method} ${path}`)).toEqual([])
  })

  it('a form without a key, from a page, or on any other route is refused', async () => {
    const form = formOf({ model: 'ears' })
    const keyless = await gateway.request('/v1/audio/transcriptions', { method: 'POST', body: form, key: undefined })
    expect(keyless.status).toBe(401)
    const page = await post('/v1/audio/transcriptions', formOf({ model: 'ears' }), { origin: 'http://evil.example' })
    expect(page.status).toBe(403)
    for (const path of ['/v1/chat/completions', '/v1/embeddings', '/v1/batches', '/key/generate']) {
      expect((await post(path, formOf({ model: 'ears' }))).status, path).toBe(415)
    }
    expect(asked()).toHaveLength(0)
  })
})

describe('pictures', () => {
  it('edits take a form or JSON', async () => {
    upstream.reply(answer('{"created":1,"data":[{"b64_json":"AA=="}],"usage":{"input_tokens":5,"output_tokens":900}}'))
    const edited = await client.images.edit({ model: 'ears', image: [await toFile(sound, 'a.png')], prompt: 'a hat' })
    expect(edited.data?.[0]?.b64_json).toBe('AA==')
    const form = await sentForm(asked()[0])
    expect(form.get('model')).toBe('whisper-upstream')
    expect(form.getAll('image[]')).toHaveLength(1)
    const body = JSON.stringify({ model: 'ears', prompt: 'a hat', images: [{ file_id: 'file-1' }] })
    expect((await gateway.request('/v1/images/edits', { method: 'POST', body })).status).toBe(200)
    expect(asked()[1]?.json).toMatchObject({ model: 'whisper-upstream', prompt: 'a hat' })
    // Tokens of a picture have no price that is known here.
    expect(await gateway.recorded(1)).toMatchObject([{ costNanoUsd: null }])
  })
})

describe('files and batches', () => {
  it('belong to the account that the request names, always the first of a group', async () => {
    upstream.reply(answer('{"id":"file-1","object":"file","status":"processed"}'))
    const file = await client.files.create(
      { file: await toFile(Buffer.from('{}\n'), 'in.jsonl'), purpose: 'batch' },
      { query: { model: 'ears' } },
    )
    expect(file.id).toBe('file-1')
    await client.files.retrieve('file-1', { query: { model: 'ears' } })
    await client.files.list({ limit: 2 }, { headers: { 'x-litellm-model': 'ears' } })
    await client.files.delete('file-1', { query: { custom_llm_provider: 'openai' } })
    const seen = asked().map(({ method, path, headers }) => `${method} ${path} ${headers.authorization}`)
    expect(seen).toEqual([
      'POST /v1/files Bearer upstream-key',
      'GET /v1/files/file-1 Bearer upstream-key',
      'GET /v1/files?limit=2 Bearer upstream-key',
      'DELETE /v1/files/file-1 Bearer upstream-key',
    ])
    expect([...(await sentForm(asked()[0])).keys()].toSorted()).toEqual(['file', 'language', 'purpose'])
    expect(await gateway.recorded(1)).toMatchObject([{ askedModel: 'ears', model: 'ears', status: 200 }])
  })

  it('a name in the body stays here', async () => {
    upstream.reply(answer('{"id":"batch_1","object":"batch"}'))
    const form = new FormData()
    form.append('purpose', 'batch')
    form.append('target_model_names', 'priced')
    form.append('file', new File(['{}'], 'in.jsonl'))
    expect((await post('/v1/files', form)).status).toBe(200)
    expect([...(await sentForm(asked()[0])).keys()]).toEqual(['purpose', 'file'])
    const body = {
      model: 'priced',
      input_file_id: 'file-1',
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    }
    expect((await gateway.request('/v1/batches', { method: 'POST', body: JSON.stringify(body) })).status).toBe(200)
    expect(asked()[1]?.body.toString()).toBe(
      '{"input_file_id":"file-1","endpoint":"/v1/chat/completions","completion_window":"24h"}',
    )
    expect((await gateway.request('/v1/batches/batch_1/cancel?model=priced', { method: 'POST' })).status).toBe(200)
    expect(asked()[2]).toMatchObject({ method: 'POST', path: '/v1/batches/batch_1/cancel' })
    expect(asked()[2]?.body).toHaveLength(0)
  })

  it('what a file holds comes as it is', async () => {
    upstream.reply(answer('{"error":{"message":"line of a batch"}}\n', 'application/jsonl'))
    const content = await client.files.content('file-1', { query: { model: 'ears' } })
    expect(await content.text()).toBe('{"error":{"message":"line of a batch"}}\n')
  })

  it('another account is never asked in place of the one named', async () => {
    upstream.reply({ kind: 'error', status: 500 })
    const response = await gateway.request('/v1/files/file-1?model=ears')
    expect(response.status).toBeGreaterThanOrEqual(500)
    expect(asked().map(({ headers }) => headers.authorization)).toEqual(['Bearer upstream-key'])
  })

  it.each([
    ['/v1/files', 400, 'missing_field'],
    ['/v1/batches/batch_1', 400, 'missing_field'],
    ['/v1/files?custom_llm_provider=nobody', 400, 'model_not_found'],
    ['/v1/files/..%2Fmodels?model=ears', 400, 'invalid_field'],
    ['/v1/files/file-1?model=messages-only', 400, 'unsupported_model'],
  ])('GET %s is a %s', async (path, status, code) => {
    const response = await gateway.request(path)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { code } })
    expect(asked()).toHaveLength(0)
  })
})

describe('JSON endpoints', () => {
  it.each([
    ['/audio/speech', { input: 'hi', voice: 'alloy' }],
    ['/images/generations', { prompt: 'a hat' }],
    ['/moderations', { input: 'hi' }],
    ['/rerank', { query: 'q', documents: ['d'] }],
    ['/embeddings', { input: 'hi' }],
  ])('%s, with and without /v1', async (path, body) => {
    upstream.reply(answer('{"ok":true}'))
    for (const prefix of ['', '/v1', '/v1/v1']) {
      const sent = { method: 'POST', body: JSON.stringify({ model: 'priced', ...body }) }
      expect((await gateway.request(prefix + path, sent)).status).toBe(200)
      expect(asked().at(-1)).toMatchObject({ path: `/v1${path}`, json: { model: 'transcriber', ...body } })
    }
  })

  it('speech and pictures stream their own events', async () => {
    const events = ['data: {"type":"speech.audio.delta","audio":"AA=="}\n\n', 'data: {"type":"speech.audio.done"}\n\n']
    upstream.reply({ kind: 'raw', headers: { 'content-type': 'text/event-stream' }, body: events })
    const body = JSON.stringify({ model: 'priced', input: 'hi', voice: 'alloy', stream_format: 'sse' })
    const response = await gateway.request('/v1/audio/speech', { method: 'POST', body })
    expect(await response.text()).toBe(events.join(''))
    expect(await gateway.recorded(1)).toMatchObject([{ stream: true, status: 200 }])
  })
})
