import type { Deployment } from '../../../../gateway/config/gateway-config.ts'
import { scanTopLevelFields } from '../../../../gateway/model/json-fields.ts'
import type { JsonObject, JsonValue } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { MediaPart, Part, Turn } from '../../../../gateway/model/parts.ts'
import { Secret } from '../../../../gateway/model/secret.ts'
import { createAnthropicProvider } from '../../../../gateway/providers/anthropic/anthropic-provider.ts'
import type { PreparedCall, TranslatedCall } from '../../../../gateway/providers/provider.ts'
import type { UpstreamRequest, UpstreamSink } from '../../../../gateway/upstream/upstream-exchange.ts'
import { deploymentDouble } from '../../../doubles/deployment.ts'

export const scope = 'anthropic:own'

export function anthropicDeployment(given: Partial<Omit<Deployment, 'prices'>> = {}): Deployment {
  return deploymentDouble({
    provider: 'anthropic',
    adapter: 'anthropic',
    upstreamModel: 'claude-opus-4-8',
    baseUrl: 'https://api.anthropic.com/v1',
    apiKey: { kind: 'value', secret: new Secret('sk-ant-api-test') },
    ...given,
  })
}

export function modelRequest(given: Partial<ModelRequest> = {}): ModelRequest {
  return {
    dialect: 'chat-completions',
    stream: false,
    turns: [say('user', 'hello')],
    tools: [],
    extensions: {},
    warnings: [],
    ...given,
  }
}

export function say(role: Turn['role'], text: string): Turn {
  return { role, parts: [{ type: 'text', text }] }
}

/** What went upstream, and the call itself. */
export interface Sent<Call> {
  readonly call: Call
  readonly request: UpstreamRequest
  readonly body: JsonObject
  readonly text: string
}

/** Translates a request for a deployment. */
export function send(
  given: Partial<ModelRequest> = {},
  deployment: Partial<Omit<Deployment, 'prices'>> = {},
  defaults: Readonly<Record<string, JsonValue>> = {},
): Sent<TranslatedCall> {
  return capture((provider) =>
    provider.prepareModel({
      deployment: anthropicDeployment(deployment),
      request: modelRequest(given),
      scope,
      defaults,
    }),
  )
}

/** Passes a body through to a deployment. */
export function sendNative(
  body: JsonObject | string,
  deployment: Partial<Omit<Deployment, 'prices'>> = {},
  options: {
    readonly defaults?: Readonly<Record<string, JsonValue>>
    readonly dialectHeaders?: Readonly<Record<string, string>>
  } = {},
): Sent<PreparedCall> {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return capture((provider) =>
    provider.prepareNative({
      deployment: anthropicDeployment(deployment),
      body: bytes,
      fields: scanTopLevelFields(bytes),
      stream: false,
      defaults: options.defaults ?? {},
      dialectHeaders: options.dialectHeaders ?? {},
    }),
  )
}

function capture<Call extends PreparedCall | TranslatedCall>(
  prepare: (provider: ReturnType<typeof createAnthropicProvider>) => Call,
): Sent<Call> {
  const requests: UpstreamRequest[] = []
  const control = { abort: () => {}, pause: () => {}, resume: () => {} }
  const upstream = {
    send: (request: UpstreamRequest) => {
      requests.push(request)
      return control
    },
    close: async () => {},
    destroy: async () => {},
    quietMs: () => undefined,
    drop: () => undefined,
  }
  const call = prepare(createAnthropicProvider({ upstream, userAgent: 'signalbox/test' }))
  const sink: UpstreamSink = { onHead: () => {}, onData: () => {}, onEnd: () => {}, onError: () => {} }
  call.send(sink)
  const [request] = requests
  if (request?.body === undefined) throw new Error('nothing was sent')
  const text = Buffer.from(request.body).toString('utf8')
  return { call, request, text, body: JSON.parse(text) as JsonObject }
}

export function messagesOf(body: JsonObject): { role: string; content: JsonObject[] }[] {
  return body.messages as unknown as { role: string; content: JsonObject[] }[]
}

export const png = 'iVBORw0KGgo='
export const image: MediaPart = {
  type: 'media',
  kind: 'image',
  source: { kind: 'base64', data: png },
  mimeType: 'image/png',
}
export const user = (...parts: Part[]): Turn => ({ role: 'user', parts })
export const assistant = (...parts: Part[]): Turn => ({ role: 'assistant', parts })
export const call = (id: string, args = '{}', name = 'read'): Part => ({
  type: 'tool-call',
  id,
  name,
  kind: 'function',
  arguments: args,
})
export const result = (callId: string, text: string, isError = false): Part => ({
  type: 'tool-result',
  callId,
  content: [{ type: 'text', text }],
  isError,
  kind: 'function',
})
export const tool = (name: string, more: object = {}): ModelRequest['tools'][number] => ({
  type: 'function',
  name,
  parameters: { type: 'object', properties: { path: { type: 'string' } } },
  ...more,
})
export const refusal = (given: Partial<ModelRequest>, deployment: object = {}): unknown => {
  try {
    send(given, deployment)
  } catch (error) {
    return error
  }
  return 'sent'
}
