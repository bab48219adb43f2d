import { expect } from 'vitest'
import type { Deployment } from '../../../../gateway/config/gateway-config.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { Part, Turn } from '../../../../gateway/model/parts.ts'
import { buildModelBody } from '../../../../gateway/providers/openai-compatible/build-model-body.ts'
import type { ModelCall } from '../../../../gateway/providers/provider.ts'
import { deploymentDouble } from '../../../doubles/deployment.ts'

export const scope = 'openai-compatible:here'

export const text = (content: string): Part => ({ type: 'text', text: content })
export const user = (...parts: readonly (Part | string)[]): Turn => turn('user', parts)
export const assistant = (...parts: readonly (Part | string)[]): Turn => turn('assistant', parts)
export const system = (...parts: readonly (Part | string)[]): Turn => turn('system', parts)
export const call = (id: string, name = 'read', given = '{"path":"a"}'): Part => ({
  type: 'tool-call',
  id,
  name,
  kind: 'function',
  arguments: given,
})
export const result = (callId: string, content = 'done'): Part => ({
  type: 'tool-result',
  callId,
  content: [{ type: 'text', text: content }],
  isError: false,
  kind: 'function',
})
export const readTool: ModelRequest['tools'][number] = {
  type: 'function',
  name: 'read',
  description: 'Reads a file.',
  parameters: { type: 'object', properties: { path: { type: 'string' } } },
}

function turn(role: Turn['role'], parts: readonly (Part | string)[]): Turn {
  return { role, parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)) }
}

/** Where each provider is reached: OpenAI's own rules hold at its own address only. */
const addresses: Readonly<Record<string, string>> = { openai: 'https://api.openai.com/v1' }

/** A call to a model of a provider, from the dialect that most translations come from. */
export function modelCall(
  provider: string,
  request: Partial<ModelRequest>,
  deployment: Partial<Omit<Deployment, 'prices'>> = {},
): ModelCall {
  const upstreamModel = deployment.upstreamModel ?? (provider === 'openai' ? 'gpt-4o' : `${provider}-model`)
  const baseUrl = addresses[provider] ?? 'http://127.0.0.1:9/v1'
  return {
    deployment: deploymentDouble({ provider, baseUrl, ...deployment, upstreamModel }),
    request: {
      dialect: 'messages',
      stream: false,
      turns: [user('hello')],
      tools: [],
      extensions: {},
      warnings: [],
      ...request,
    },
    scope,
    defaults: {},
  }
}

/** The body for one provider, with its messages typed. */
export function bodyFor(
  provider: string,
  request: Partial<ModelRequest>,
  deployment: Partial<Omit<Deployment, 'prices'>> = {},
): { body: JsonObject; messages: JsonObject[]; warnings: readonly string[] } {
  const { body, warnings } = buildModelBody(modelCall(provider, request, deployment))
  return { body, messages: body.messages as JsonObject[], warnings }
}

/** The refusal of a field that a provider cannot carry. */
export const unsupported = (field: string, provider: string): unknown =>
  expect.objectContaining({
    code: 'unsupported_field',
    status: 400,
    param: field,
    message: expect.stringContaining(provider),
  })
