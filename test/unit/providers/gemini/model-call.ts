import type { Deployment } from '../../../../gateway/config/gateway-config.ts'
import type { JsonObject, JsonValue } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { Part, Turn } from '../../../../gateway/model/parts.ts'
import type { AnswerBuilderOptions } from '../../../../gateway/providers/gemini/answer-builder.ts'
import { geminiToolNames } from '../../../../gateway/providers/gemini/tool-names.ts'
import { writeGeminiRequest } from '../../../../gateway/providers/gemini/write-request.ts'
import type { ModelCall } from '../../../../gateway/providers/provider.ts'
import { deploymentDouble } from '../../../doubles/deployment.ts'

export const scope = 'gemini:here'

type PartLike = Part | string

export const user = (...parts: readonly PartLike[]): Turn => turn('user', parts)
export const assistant = (...parts: readonly PartLike[]): Turn => turn('assistant', parts)
export const system = (...parts: readonly PartLike[]): Turn => turn('system', parts)

function turn(role: Turn['role'], parts: readonly PartLike[]): Turn {
  return { role, parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)) }
}

export function callPart(id: string, name = 'read', given = '{"path":"a"}'): Extract<Part, { type: 'tool-call' }> {
  return { type: 'tool-call', id, name, kind: 'function', arguments: given }
}

export function resultPart(callId: string, text = 'done'): Extract<Part, { type: 'tool-result' }> {
  return { type: 'tool-result', callId, content: [{ type: 'text', text }], isError: false, kind: 'function' }
}

export const png: Extract<Part, { type: 'media' }> = {
  type: 'media',
  kind: 'image',
  source: { kind: 'base64', data: 'iVBORw0KGgo=' },
  mimeType: 'image/png',
}

export const readTool: ModelRequest['tools'][number] = {
  type: 'function',
  name: 'read',
  description: 'Reads a file.',
  parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
}

export function geminiDeployment(given: Partial<Omit<Deployment, 'prices'>> = {}): Deployment {
  return deploymentDouble({
    provider: 'gemini',
    adapter: 'gemini',
    upstreamModel: 'gemini-3.5-flash',
    baseUrl: 'http://127.0.0.1:9/v1beta',
    ...given,
  })
}

/** A call of another dialect to a Gemini model. */
export function modelCall(
  request: Partial<ModelRequest>,
  upstreamModel = 'gemini-3.5-flash',
  given: Partial<Omit<Deployment, 'prices'>> & { readonly callDefaults?: Record<string, JsonValue> } = {},
): ModelCall {
  const { callDefaults = {}, ...deployment } = given
  return {
    deployment: geminiDeployment({ upstreamModel, ...deployment }),
    request: {
      dialect: 'chat-completions',
      stream: false,
      turns: [user('hello')],
      tools: [],
      extensions: {},
      warnings: [],
      ...request,
    },
    scope,
    defaults: callDefaults,
  }
}

export interface WrittenBody {
  readonly body: JsonObject
  readonly contents: { role: string; parts: JsonObject[] }[]
  readonly config: JsonObject
  readonly warnings: readonly string[]
}

export function written(
  request: Partial<ModelRequest>,
  upstreamModel?: string,
  given?: Parameters<typeof modelCall>[2],
): WrittenBody {
  const { body, warnings } = writeGeminiRequest(modelCall(request, upstreamModel, given))
  return {
    body,
    contents: body.contents as WrittenBody['contents'],
    config: (body.generationConfig ?? {}) as JsonObject,
    warnings,
  }
}

export function readerOptions(tools: ModelRequest['tools'] = []): AnswerBuilderOptions {
  return { name: { provider: 'gemini', upstreamModel: 'gemini-double' }, names: geminiToolNames(tools, []), scope }
}
