import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../../../gateway/model/json.ts'
import { scanTopLevelFields } from '../../../../gateway/model/json-fields.ts'
import { sealState } from '../../../../gateway/model/sealed-state.ts'
import { Secret } from '../../../../gateway/model/secret.ts'
import { createGeminiProvider } from '../../../../gateway/providers/gemini/gemini-provider.ts'
import { asEvents, asJsonList, GeminiStreamTap } from '../../../../gateway/providers/gemini/gemini-stream-tap.ts'
import { buildNativeBody } from '../../../../gateway/providers/gemini/native-body.ts'
import type { NativeCall } from '../../../../gateway/providers/provider.ts'
import type { UpstreamRequest } from '../../../../gateway/upstream/upstream-exchange.ts'
import { geminiChunk, geminiError, geminiEvents, textChunks } from '../../../doubles/wires/gemini-upstream.ts'
import { assistant, callPart, geminiDeployment, modelCall, resultPart, user } from './model-call.ts'

function nativeCall(body: object, given: Partial<NativeCall> = {}): NativeCall {
  const bytes = Buffer.from(JSON.stringify(body))
  return {
    deployment: geminiDeployment(),
    body: bytes,
    fields: scanTopLevelFields(bytes),
    stream: true,
    defaults: {},
    dialectHeaders: {},
    ...given,
  }
}

function nativeBody(body: object, given: Partial<NativeCall> = {}): { body: JsonObject; warnings: readonly string[] } {
  const { bytes, warnings } = buildNativeBody(nativeCall(body, given))
  return { body: JSON.parse(bytes.toString()) as JsonObject, warnings }
}

const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]

/** A provider whose dispatcher only notes what it is asked to send. */
function recorder() {
  const requests: UpstreamRequest[] = []
  const provider = createGeminiProvider({
    userAgent: 'Signalbox/test',
    upstream: {
      send: (request) => {
        requests.push(request)
        return { abort: () => {}, pause: () => {}, resume: () => {} }
      },
      close: async () => {},
      destroy: async () => {},
      quietMs: () => undefined,
      drop: () => undefined,
    },
  })
  const sink = { onHead: () => {}, onData: () => {}, onEnd: () => {}, onError: () => {} }
  return { provider, requests, sink }
}

describe('native requests', () => {
  it('leaves what is unknown as it is and takes out what the URL says', () => {
    const unknown = { contents, someNewField: { a: 1 }, model: 'router', stream: true, tags: ['x'] }
    expect(nativeBody(unknown)).toEqual({ body: { contents, someNewField: { a: 1 } }, warnings: [] })
  })

  it('names what it must take out', () => {
    expect(nativeBody({ contents, api_key: 'x' }).warnings).toEqual(['dropped api_key: a request may not set it'])
  })

  it('adds defaults only where the client said nothing, in either spelling', () => {
    const defaults: Record<string, JsonValue> = { temperature: 0.1, max_tokens: 9, safetySettings: [] }
    expect(nativeBody({ contents }, { defaults }).body).toEqual({
      contents,
      safetySettings: [],
      generationConfig: { temperature: 0.1, maxOutputTokens: 9 },
    })
    const own = { contents, safety_settings: [1], generation_config: { max_output_tokens: 5, topK: 1 } }
    expect(nativeBody(own, { defaults }).body).toEqual({
      contents,
      safety_settings: [1],
      generation_config: { max_output_tokens: 5, topK: 1, temperature: 0.1 },
    })
  })

  it('pitfall 44: state of another wire, sealed by the gateway, does not go upstream', () => {
    const states = [{ scope: 'anthropic:x', kind: 'signature', data: 'A' }]
    const thoughtSignature = Buffer.from(sealState(states)).toString('base64')
    const genuine = { functionCall: { name: 'b' }, thoughtSignature: 'Q2hpcA==' }
    const parts = [{ functionCall: { name: 'a' }, thoughtSignature }, genuine, { text: '', thoughtSignature }]
    const { body } = nativeBody({ contents: [...contents, { role: 'model', parts }] })
    expect((body.contents as JsonObject[])[1]?.parts).toEqual([
      { functionCall: { name: 'a' }, thoughtSignature: 'skip_thought_signature_validator' },
      genuine,
    ])
  })

  it('nesting that cannot be written is refused', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    const turns = [user('a'), assistant(callPart('1', 'read', `{"a":${deep}}`)), user(resultPart('1'))]
    const { provider } = recorder()
    expect(() => provider.prepareModel(modelCall({ turns }))).toThrow(
      expect.objectContaining({ code: 'invalid_field' }),
    )
  })

  it('goes to the method of the model with the key in a header', () => {
    const { provider, requests, sink } = recorder()
    const apiKey = { kind: 'value', secret: new Secret('k-1') } as const
    const deployment = geminiDeployment({ upstreamModel: 'models/gemini-3.5-flash', apiKey })
    provider.prepareNative(nativeCall({ contents }, { deployment })).send(sink)
    provider.prepareNative(nativeCall({ contents }, { deployment, stream: false })).send(sink)
    provider.prepareModel(modelCall({ stream: true }, 'tuned/x?key=1')).send(sink)
    expect(requests.map((request) => request.url)).toEqual([
      'http://127.0.0.1:9/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse',
      'http://127.0.0.1:9/v1beta/models/gemini-3.5-flash:generateContent',
      'http://127.0.0.1:9/v1beta/models/tuned/x%3Fkey%3D1:streamGenerateContent?alt=sse',
    ])
    expect(requests[0]?.headers).toMatchObject({ 'x-goog-api-key': 'k-1', 'user-agent': 'Signalbox/test' })
    expect(requests[0]?.headers).not.toHaveProperty('authorization')
    expect(() => provider.prepareModel(modelCall({}, '../files'))).toThrow(
      expect.objectContaining({ code: 'unsupported_model' }),
    )
  })
})

describe('the tap', () => {
  const chunks = textChunks(['Hel', 'lo.'])

  function pass(bytes: Buffer, sizes: readonly number[], framing = asEvents) {
    const tap = new GeminiStreamTap({ provider: 'gemini', upstreamModel: 'm' }, framing)
    const out: Buffer[] = []
    let start = 0
    for (let turn = 0; start < bytes.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1
      out.push(...tap.feed(bytes.subarray(start, start + size)))
      start += size
    }
    out.push(...tap.finish())
    return { tap, out: Buffer.concat(out) }
  }

  it('gives every byte on, the last event as the terminal', () => {
    const bytes = geminiEvents(chunks, { comments: true })
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const { tap, out } = pass(bytes, sizes)
        expect(tap).toMatchObject({ complete: true, sawOutput: true, failure: undefined })
        expect(tap.usage).toMatchObject({ inputTokens: 20, outputTokens: 5 })
        expect(Buffer.concat([out, tap.terminal]).equals(bytes)).toBe(true)
        expect(tap.terminal.toString()).toContain('STOP')
      }),
      { numRuns: 30 },
    )
  })

  it('gives the elements of one JSON list to a client that wants that', () => {
    const { tap, out } = pass(geminiEvents(chunks, { comments: true }), [7], asJsonList())
    expect(JSON.parse(Buffer.concat([out, tap.terminal]).toString())).toEqual(chunks)
  })

  it('pitfall 69: a cut stream is not complete, and half an event stays back', () => {
    const whole = geminiEvents(chunks)
    const { tap, out } = pass(whole.subarray(0, whole.length - 30), [whole.length])
    expect(tap.complete).toBe(false)
    expect(out.equals(geminiEvents(chunks.slice(0, 2)))).toBe(true)
  })

  it('a missing last blank line does no harm', () => {
    expect(pass(geminiEvents(chunks, { lastBlankLine: false }), [9]).tap.complete).toBe(true)
  })

  it('pitfall 15, 21: errors and broken answers are failures and do not go out', () => {
    const error = geminiError({ code: 503, status: 'UNAVAILABLE' }) as object
    const first = pass(geminiEvents([...chunks.slice(0, 1), error]), [1_000])
    expect(first.tap.failure?.status).toBe(503)
    expect(first.out.toString()).not.toContain('UNAVAILABLE')
    const broken = geminiChunk({ parts: [{ text: 'a' }], finish: 'MALFORMED_FUNCTION_CALL' })
    expect(pass(geminiEvents([broken]), [1_000]).tap.failure?.code).toBe('upstream_invalid_answer')
    expect(pass(geminiEvents([geminiChunk({ finish: 'STOP' })]), [1_000]).tap.failure?.code).toBe(
      'upstream_invalid_answer',
    )
  })

  it('a whole answer where a stream was asked for becomes one', () => {
    const { provider } = recorder()
    const answer = geminiChunk({ parts: [{ text: 'a' }], finish: 'STOP', usage: { prompt: 3, candidates: 1 } })
    const body = Buffer.from(JSON.stringify(answer))
    const read = provider.prepareNative(nativeCall({ contents })).readAnswer(body, {})
    expect(read.usage).toMatchObject({ inputTokens: 3 })
    expect(read.body).toBe(body)
    const { events, terminal } = read.asStream()
    expect(Buffer.concat([events, terminal]).equals(geminiEvents([answer]))).toBe(true)
  })
})
