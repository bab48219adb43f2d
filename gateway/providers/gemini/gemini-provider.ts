import type { Deployment } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'
import type { UpstreamDispatcher } from '../../upstream/dispatch.ts'
import type { UpstreamRequest } from '../../upstream/upstream-exchange.ts'
import type { ModelCall, NativeCall, PreparedCall, Provider, TranslatedCall } from '../provider.ts'
import type { AnswerBuilderOptions } from './answer-builder.ts'
import { readGeminiFailure } from './failure.ts'
import { GeminiReader, readGeminiAnswer } from './gemini-reader.ts'
import { asEvents, asJsonList, GeminiStreamTap } from './gemini-stream-tap.ts'
import { jsonText } from './json-text.ts'
import { readNativeAnswer } from './native-answer.ts'
import { buildNativeBody } from './native-body.ts'
import { writeGeminiRequest } from './write-request.ts'

interface Dependencies {
  readonly upstream: UpstreamDispatcher
  readonly userAgent: string
}

/** Upstreams that speak Gemini's own API (ai.google.dev/api/generate-content) under a base that ends in its version. */
export function createGeminiProvider(dependencies: Dependencies): Provider {
  return {
    adapter: 'gemini',
    wire: 'gemini',
    prepareNative: (call) => prepareNative(call, dependencies),
    prepareModel: (call) => prepareModel(call, dependencies),
  }
}

function prepareNative(call: NativeCall, dependencies: Dependencies): PreparedCall {
  const { deployment } = call
  const { bytes, warnings } = buildNativeBody(call)
  const request = requestFor(deployment, call.stream, bytes, call.dialectHeaders, dependencies)
  const framing = () => (call.streamForm === 'json-array' ? asJsonList() : asEvents)
  return {
    warnings,
    send: (sink) => dependencies.upstream.send(request, sink),
    openStream: () => new GeminiStreamTap(deployment, framing()),
    readAnswer: (body) => readNativeAnswer(deployment, body, framing),
    readFailure: (status, headers, body) => readGeminiFailure(deployment, status, headers, body),
  }
}

function prepareModel(call: ModelCall, dependencies: Dependencies): TranslatedCall {
  const { deployment } = call
  const { body, warnings, names } = writeGeminiRequest(call)
  const bytes = Buffer.from(jsonText(body, 'messages'))
  const request = requestFor(deployment, call.request.stream, bytes, {}, dependencies)
  const options: AnswerBuilderOptions = { name: deployment, names, scope: call.scope }
  return {
    warnings,
    send: (sink) => dependencies.upstream.send(request, sink),
    openReader: () => new GeminiReader(options),
    readAnswer: (answer) => readGeminiAnswer(options, answer),
    readFailure: (status, headers, answer) => readGeminiFailure(deployment, status, headers, answer),
  }
}

function requestFor(
  deployment: Deployment,
  stream: boolean,
  body: Buffer,
  dialectHeaders: Readonly<Record<string, string>>,
  { userAgent }: Dependencies,
): UpstreamRequest {
  return {
    method: 'POST',
    url: addressOf(deployment, stream),
    headers: headersFor(deployment, stream, userAgent, dialectHeaders),
    body,
    connectMs: deployment.deadlines.connectMs,
  }
}

/** Streams are asked for as events: the other form, a JSON list, tells its end no earlier than its last byte. */
function addressOf(deployment: Deployment, stream: boolean): string {
  const id = deployment.upstreamModel
  const path = id.startsWith('tunedModels/') ? id : `models/${id.replace(/^models\//, '')}`
  const steps = path.split('/')
  if (steps.some((step) => step === '' || step === '.' || step === '..')) {
    throw new GatewayError('unsupported_model', `"${id}" is no model id of ${deployment.provider}.`, { param: 'model' })
  }
  const method = stream ? 'streamGenerateContent?alt=sse' : 'generateContent'
  return `${deployment.baseUrl}/${steps.map(encodeURIComponent).join('/')}:${method}`
}

/** Built anew from the deployment. The key goes in a header: in the URL it would end up in logs. */
function headersFor(
  deployment: Deployment,
  stream: boolean,
  userAgent: string,
  dialectHeaders: Readonly<Record<string, string>>,
): Record<string, string> {
  const headers: Record<string, string> = {
    ...dialectHeaders,
    'content-type': 'application/json',
    accept: stream ? 'text/event-stream' : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': userAgent,
    ...deployment.headers,
  }
  if (deployment.apiKey.kind === 'value') headers['x-goog-api-key'] = deployment.apiKey.secret.reveal()
  return headers
}
