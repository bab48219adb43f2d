import { GatewayError } from '../../model/errors.ts'
import { readCount } from './count-upstream.ts'
import type { UpstreamDispatcher } from '../../upstream/dispatch.ts'
import type { UpstreamControl, UpstreamSink } from '../../upstream/upstream-exchange.ts'
import type { ModelCall, NativeCall, PreparedCall, Provider, TranslatedCall } from '../provider.ts'
import type { AnswerContext } from './answer-context.ts'
import { readMessage } from './anthropic-answer.ts'
import { readAnthropicErrorObject, readAnthropicFailure } from './anthropic-failure.ts'
import { AnthropicReader } from './anthropic-reader.ts'
import { requestTo, versionOf } from './anthropic-request.ts'
import { AnthropicStreamTap } from './anthropic-stream-tap.ts'
import { buildMessagesBody } from './build-body.ts'
import { buildCountBody, buildNativeBody } from './build-native-body.ts'
import { traitsOf } from './model-traits.ts'
import { readNativeAnswer } from './native-answer.ts'

interface Dependencies {
  readonly upstream: UpstreamDispatcher
  readonly userAgent: string
}

/** Anthropic's own API, and every upstream that speaks Messages under some base URL. */
export function createAnthropicProvider(dependencies: Dependencies): Provider {
  return {
    adapter: 'anthropic',
    wire: 'messages',
    prepareNative: (call) => prepareNative(call, dependencies),
    // The API refuses a beginning that ends in space, and one for a model that thinks.
    continuesFrom: (deployment, { reasoning, toolChoice }, text) => {
      const { known, prefill } = traitsOf(deployment)
      return known && prefill && reasoning === undefined && toolChoice === undefined && text === text.trimEnd()
    },
    prepareModel: (call) => prepareModel(call, dependencies),
    countTokens: (call) => readCount((sink) => sendTokenCount(call, sink, dependencies)),
  }
}

/**
 * Asks the upstream to count the tokens of a request (`/v1/messages/count_tokens`). Not every upstream of this wire has
 * that endpoint: a 404 means that the count must be estimated.
 */
function sendTokenCount(call: NativeCall, sink: UpstreamSink, dependencies: Dependencies): UpstreamControl {
  const { deployment, dialectHeaders } = call
  const { bytes } = buildCountBody(call)
  const { userAgent } = dependencies
  const request = requestTo(deployment, {
    endpoint: 'messages/count_tokens',
    body: bytes,
    stream: false,
    userAgent,
    dialectHeaders,
  })
  return dependencies.upstream.send(request, sink)
}

function prepareNative(call: NativeCall, { upstream, userAgent }: Dependencies): PreparedCall {
  const { deployment, stream, dialectHeaders } = call
  const body = buildNativeBody(call)
  const request = requestTo(deployment, { endpoint: 'messages', body: body.bytes, stream, userAgent, dialectHeaders })
  return {
    warnings: body.warnings,
    send: (sink) => upstream.send(request, sink),
    openStream: () =>
      new AnthropicStreamTap({
        readError: (error) => readAnthropicErrorObject(deployment, error),
        oversized: () =>
          new GatewayError('upstream_invalid_answer', `${deployment.provider} sent a stream event larger than 32 MiB.`),
      }),
    readAnswer: (bytes) => readNativeAnswer(deployment, bytes),
    readFailure: (status, headers, bytes) => readAnthropicFailure(deployment, status, headers, bytes),
  }
}

function prepareModel(call: ModelCall, { upstream, userAgent }: Dependencies): TranslatedCall {
  const { deployment, scope } = call
  const { stream } = call.request
  const body = buildMessagesBody(call, versionOf(deployment))
  const request = requestTo(deployment, { endpoint: 'messages', body: body.bytes, stream, userAgent })
  const context: AnswerContext = { upstream: deployment, scope, names: body.names, customTools: body.customTools }
  return {
    warnings: body.warnings,
    send: (sink) => upstream.send(request, sink),
    openReader: () => new AnthropicReader(context),
    readAnswer: (bytes) => readMessage(context, bytes),
    readFailure: (status, headers, bytes) => readAnthropicFailure(deployment, status, headers, bytes),
  }
}
