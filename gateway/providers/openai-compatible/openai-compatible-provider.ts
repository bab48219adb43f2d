import type { Deployment } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'
import type { UpstreamRequest } from '../../upstream/upstream-exchange.ts'
import type { UpstreamDispatcher } from '../../upstream/dispatch.ts'
import { readChatAnswer } from '../chat-wire/chat-answer.ts'
import { readChatErrorObject, readChatFailure } from '../chat-wire/chat-failure.ts'
import { ChatReader, readChatAnswerParts } from '../chat-wire/chat-reader.ts'
import { ChatStreamTap } from '../chat-wire/chat-stream-tap.ts'
import type { EndpointCall, ModelCall, NativeCall, PreparedCall, Provider, TranslatedCall } from '../provider.ts'
import { buildChatBody } from './build-chat-body.ts'
import { buildModelBody } from './build-model-body.ts'
import { chatReadingOf } from './chat-reading.ts'
import { readEndpointAnswer } from './endpoint-call.ts'
import { needsTranslation } from './needs-translation.ts'

/** Every upstream that speaks OpenAI's chat completions under some base URL. */
export function createOpenAiCompatibleProvider(dependencies: {
  readonly upstream: UpstreamDispatcher
  readonly userAgent: string
}): Provider {
  const { upstream, userAgent } = dependencies
  return {
    adapter: 'openai-compatible',
    wire: 'chat-completions',
    prepareNative: (call) => prepareNative(call, upstream, userAgent),
    needsTranslation,
    prepareModel: (call) => prepareModel(call, upstream, userAgent),
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
    openStream: () =>
      new ChatStreamTap({
        withholdUsage: body.withholdUsage,
        readError: (error) => readChatErrorObject(deployment, error),
        oversized: () =>
          new GatewayError('upstream_invalid_answer', `${deployment.provider} sent a stream event larger than 32 MiB.`),
      }),
    readAnswer: (bytes) => readChatAnswer(deployment, bytes, body.withholdUsage),
    readFailure: (status, headers, bytes) => readChatFailure(deployment, status, headers, bytes),
  }
}

/** Another endpoint of the same API: the body as for a chat without a stream, the answer as it comes. */
function prepareEndpoint(call: EndpointCall, upstream: UpstreamDispatcher, userAgent: string): PreparedCall {
  const { deployment, path } = call
  const body = buildChatBody({ ...call, stream: false })
  const own = headersFor(deployment, call.stream, userAgent)
  const request: UpstreamRequest = {
    ...requestOf(deployment, call.stream, userAgent, body.bytes),
    url: `${deployment.baseUrl}${path}`,
    headers: { ...own, accept: '*/*' },
  }
  return {
    ...prepareNative({ ...call, stream: false }, upstream, userAgent),
    send: (sink) => upstream.send(request, sink),
    readAnswer: (bytes, headers) => readEndpointAnswer(deployment, bytes, headers),
  }
}

function prepareModel(call: ModelCall, upstream: UpstreamDispatcher, userAgent: string): TranslatedCall {
  const { deployment } = call
  const { body, warnings, names } = buildModelBody(call)
  const request = requestOf(deployment, call.request.stream, userAgent, Buffer.from(JSON.stringify(body)))
  const reading = chatReadingOf(call, names)
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
