import type { Deployment } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'
import type { UpstreamRequest } from '../../upstream/upstream-exchange.ts'
import type { UpstreamDispatcher } from '../../upstream/dispatch.ts'
import { readChatAnswer } from '../chat-wire/chat-answer.ts'
import { readChatErrorObject, readChatFailure } from '../chat-wire/chat-failure.ts'
import { ChatStreamTap } from '../chat-wire/chat-stream-tap.ts'
import type { ChatCall, PreparedCall, Provider } from '../provider.ts'
import { buildChatBody } from './build-chat-body.ts'

/** Every upstream that speaks OpenAI's chat completions under some base URL. */
export function createOpenAiCompatibleProvider(dependencies: {
  readonly upstream: UpstreamDispatcher
  readonly userAgent: string
}): Provider {
  return {
    adapter: 'openai-compatible',
    prepareChat: (call) => prepare(call, dependencies.upstream, dependencies.userAgent),
  }
}

function prepare(call: ChatCall, upstream: UpstreamDispatcher, userAgent: string): PreparedCall {
  const { deployment } = call
  const body = buildChatBody(call)
  const request: UpstreamRequest = {
    method: 'POST',
    url: `${deployment.baseUrl}/chat/completions`,
    headers: headersFor(deployment, call.stream, userAgent),
    body: body.bytes,
    connectMs: deployment.deadlines.connectMs,
  }
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
