import type { Deployment } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import type { UpstreamRequest } from '../../upstream/upstream-exchange.ts'
import type { UpstreamDispatcher } from '../../upstream/dispatch.ts'
import { readChatAnswer } from '../chat-wire/chat-answer.ts'
import { readChatErrorObject, readChatFailure } from '../chat-wire/chat-failure.ts'
import { ChatReader, readChatAnswerParts } from '../chat-wire/chat-reader.ts'
import { ChatStreamTap } from '../chat-wire/chat-stream-tap.ts'
import type { EndpointCall, ModelCall, NativeCall, PreparedCall, Provider, TranslatedCall } from '../provider.ts'
import type { EventTapOptions } from '../event-tap.ts'
import { buildChatBody } from './build-chat-body.ts'
import { buildFormBody } from './build-form-body.ts'
import { buildModelBody } from './build-model-body.ts'
import { chatReadingOf } from './chat-reading.ts'
import { readEndpointAnswer } from './endpoint-call.ts'
import { EndpointTap } from './endpoint-tap.ts'
import { readEndpointUsage } from './endpoint-usage.ts'
import { needsTranslation, thinksWithTools } from './needs-translation.ts'
import { quirksOf } from './quirks.ts'

/** Every upstream that speaks OpenAI's chat completions under some base URL. */
export function createOpenAiCompatibleProvider(dependencies: {
  readonly upstream: UpstreamDispatcher
  readonly userAgent: string
  /** Whether `<think>` at the beginning of a translated answer is thinking; it is unless given. */
  readonly readsThinkTags?: () => boolean
}): Provider {
  const { upstream, userAgent, readsThinkTags = () => true } = dependencies
  return {
    adapter: 'openai-compatible',
    wire: 'chat-completions',
    prepareNative: (call) => prepareNative(call, upstream, userAgent),
    needsTranslation,
    leavesToOthers: thinksWithTools,
    continuesFrom: (deployment) => quirksOf(deployment).prefill !== 'history',
    prepareModel: (call) => prepareModel(call, upstream, userAgent, readsThinkTags()),
    prepareEndpoint: (call) => prepareEndpoint(call, upstream, userAgent),
  }
}

function prepareNative(call: NativeCall, upstream: UpstreamDispatcher, userAgent: string): PreparedCall {
  const { deployment } = call
  const body = buildChatBody(call)
  const request = requestOf(deployment, call.stream, userAgent, body.bytes)
  return {
    warnings: body.warnings,
    send: (sink) => upstream.send(request, sink),
    openStream: () => new ChatStreamTap({ ...tapOptions(deployment), withholdUsage: body.withholdUsage }),
    readAnswer: (bytes) => readChatAnswer(deployment, bytes, body.withholdUsage),
    readFailure: (status, headers, bytes) => readChatFailure(deployment, status, headers, bytes),
  }
}

/** Another endpoint of the same API: the body as for a chat without a stream, or as a form; the answer as it comes. */
function prepareEndpoint(call: EndpointCall, upstream: UpstreamDispatcher, userAgent: string): PreparedCall {
  const { deployment, method, path } = call
  const body = endpointBody(call)
  const { 'content-type': _json, ...own } = headersFor(deployment, call.stream, userAgent)
  const type: Record<string, string> = body.contentType === undefined ? {} : { 'content-type': body.contentType }
  const request: UpstreamRequest = {
    method,
    url: `${deployment.baseUrl}${path}`,
    headers: { ...own, ...type, accept: call.stream ? 'text/event-stream' : '*/*' },
    body: body.bytes,
    connectMs: deployment.deadlines.connectMs,
  }
  const readUsage = (answer: JsonObject): Usage | null => readEndpointUsage(deployment, path, answer)
  return {
    warnings: body.warnings,
    send: (sink) => upstream.send(request, sink),
    openStream: () => new EndpointTap({ ...tapOptions(deployment), readUsage }),
    readAnswer: (bytes, headers) => readEndpointAnswer({ name: deployment, call, readUsage }, bytes, headers),
    readFailure: (status, headers, bytes) => readChatFailure(deployment, status, headers, bytes),
  }
}

interface EndpointBody {
  readonly bytes: Buffer | undefined
  readonly contentType: string | undefined
  readonly warnings: readonly string[]
}

function endpointBody(call: EndpointCall): EndpointBody {
  if (call.form !== undefined) return buildFormBody(call, call.form)
  if (call.body.length === 0) return { bytes: undefined, contentType: undefined, warnings: [] }
  return { ...buildChatBody({ ...call, stream: false }), contentType: 'application/json' }
}

function tapOptions(deployment: Deployment): EventTapOptions {
  return {
    readError: (error) => readChatErrorObject(deployment, error),
    oversized: () =>
      new GatewayError('upstream_invalid_answer', `${deployment.provider} sent a stream event larger than 32 MiB.`),
  }
}

function prepareModel(
  call: ModelCall,
  upstream: UpstreamDispatcher,
  userAgent: string,
  readsThinkTags: boolean,
): TranslatedCall {
  const { deployment } = call
  const { body, warnings, names } = buildModelBody(call)
  const request = requestOf(deployment, call.request.stream, userAgent, Buffer.from(JSON.stringify(body)))
  const reading = chatReadingOf(call, names, readsThinkTags)
  return {
    warnings,
    send: (sink) => upstream.send(request, sink),
    openReader: () => new ChatReader(reading),
    readAnswer: (bytes) => readChatAnswerParts(reading, bytes),
    readFailure: (status, headers, bytes) => readChatFailure(deployment, status, headers, bytes),
  }
}

function requestOf(deployment: Deployment, stream: boolean, userAgent: string, body: Buffer): UpstreamRequest {
  return {
    method: 'POST',
    url: `${deployment.baseUrl}/chat/completions`,
    headers: headersFor(deployment, stream, userAgent),
    body,
    connectMs: deployment.deadlines.connectMs,
  }
}

/** Built anew from the deployment: no header of the client, least of all its credentials, goes upstream. */
function headersFor(deployment: Deployment, stream: boolean, userAgent: string): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: stream ? 'text/event-stream' : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': userAgent,
    ...deployment.headers,
  }
  if (deployment.apiKey.kind === 'value') headers.authorization = `Bearer ${deployment.apiKey.secret.reveal()}`
  return headers
}
