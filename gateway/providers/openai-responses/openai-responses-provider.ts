import type { Deployment } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'
import type { UpstreamDispatcher } from '../../upstream/dispatch.ts'
import type { UpstreamRequest } from '../../upstream/upstream-exchange.ts'
import { readChatFailure } from '../chat-wire/chat-failure.ts'
import type { ModelCall, NativeCall, PreparedCall, Provider, TranslatedCall } from '../provider.ts'
import { buildModelBody } from './build-model-body.ts'
import { buildNativeBody } from './build-native-body.ts'
import { parseResponse, readCompleteResponse } from './response-object.ts'
import { readResponsesError } from './responses-failure.ts'
import { readResponseObject, ResponsesReader } from './responses-reader.ts'
import { ResponsesTap } from './responses-tap.ts'

interface Dependencies {
  readonly upstream: UpstreamDispatcher
  readonly userAgent: string
}

/** Every upstream that speaks OpenAI's Responses under some base URL. */
export function createOpenAiResponsesProvider(dependencies: Dependencies): Provider {
  return {
    adapter: 'openai-responses',
    wire: 'responses',
    prepareNative: (call) => prepareNative(call, dependencies),
    prepareModel: (call) => prepareModel(call, dependencies),
  }
}

function prepareNative(call: NativeCall, dependencies: Dependencies): PreparedCall {
  const { deployment } = call
  const body = buildNativeBody(call)
  const request = requestOf(deployment, body.bytes, call.stream, { ...call.dialectHeaders }, dependencies.userAgent)
  return {
    warnings: body.warnings,
    send: (sink) => dependencies.upstream.send(request, sink),
    openStream: () =>
      new ResponsesTap({
        readError: (error) => readResponsesError(deployment, error),
        oversized: () =>
          new GatewayError('upstream_invalid_answer', `${deployment.provider} sent a stream event larger than 32 MiB.`),
      }),
    readAnswer: (bytes) => readCompleteResponse(deployment, bytes),
    readFailure: (status, headers, bytes) => readChatFailure(deployment, status, headers, bytes),
  }
}

function prepareModel(call: ModelCall, dependencies: Dependencies): TranslatedCall {
  const { deployment, scope, request: wanted } = call
  const body = buildModelBody(call)
  const request = requestOf(deployment, body.bytes, wanted.stream, {}, dependencies.userAgent)
  const options = { name: deployment, scope, names: body.names, stops: wanted.stop ?? [] }
  return {
    warnings: body.warnings,
    send: (sink) => dependencies.upstream.send(request, sink),
    openReader: () => new ResponsesReader(options),
    readAnswer: (bytes) => readResponseObject(parseResponse(deployment, bytes), options),
    readFailure: (status, headers, bytes) => readChatFailure(deployment, status, headers, bytes),
  }
}

/** Headers are made anew: of the client's only those of the dialect itself go upstream, and never its credentials. */
function requestOf(
  deployment: Deployment,
  body: Buffer,
  stream: boolean,
  dialectHeaders: Record<string, string>,
  userAgent: string,
): UpstreamRequest {
  const headers: Record<string, string> = {
    ...dialectHeaders,
    'content-type': 'application/json',
    accept: stream ? 'text/event-stream' : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': userAgent,
    ...deployment.headers,
  }
  if (deployment.apiKey.kind === 'value') headers.authorization = `Bearer ${deployment.apiKey.secret.reveal()}`
  return {
    method: 'POST',
    url: `${deployment.baseUrl}/responses`,
    headers,
    body,
    connectMs: deployment.deadlines.connectMs,
  }
}
