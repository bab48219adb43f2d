import type { Deployment } from '../../../../gateway/config/gateway-config.ts'
import type { AnswerPart } from '../../../../gateway/model/answer-parts.ts'
import { flattenToolNames } from '../../../../gateway/model/flatten-tools.ts'
import type { JsonObject, JsonValue } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { Part } from '../../../../gateway/model/parts.ts'
import { buildModelBody } from '../../../../gateway/providers/openai-responses/build-model-body.ts'
import { ResponsesReader } from '../../../../gateway/providers/openai-responses/responses-reader.ts'
import { deploymentDouble } from '../../../doubles/deployment.ts'

export const scope = 'openai-responses:test'

/** A chat request that says hello; tests give what matters to them. */
export function modelRequest(given: Partial<ModelRequest> = {}): ModelRequest {
  return {
    dialect: 'chat-completions',
    stream: false,
    turns: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
    tools: [],
    extensions: {},
    warnings: [],
    ...given,
  }
}

export interface Built {
  readonly body: JsonObject & { input: JsonObject[] }
  readonly warnings: readonly string[]
}

export function build(
  given: Partial<ModelRequest>,
  deployment: Partial<Omit<Deployment, 'prices'>> = {},
  defaults: Readonly<Record<string, JsonValue>> = {},
): Built {
  const call = {
    deployment: deploymentDouble({ adapter: 'openai-responses', upstreamModel: 'gpt-5.5', ...deployment }),
    request: modelRequest(given),
    scope,
    defaults,
  }
  const { bytes, warnings } = buildModelBody(call)
  return { body: JSON.parse(bytes.toString()) as Built['body'], warnings }
}

/** The items that one assistant turn becomes, with whatever has to stand around it. */
export function assistant(...parts: Part[]) {
  return { role: 'assistant', parts } as const
}

export function user(...parts: Part[]) {
  return { role: 'user', parts } as const
}

export const text = (words: string): Part => ({ type: 'text', text: words })

export function openReader(stops: readonly string[] = []): ResponsesReader {
  return new ResponsesReader({
    name: { provider: 'openai', upstreamModel: 'gpt-5.5' },
    scope,
    names: flattenToolNames([]),
    stops,
  })
}

/** What a reader makes of bytes fed in pieces of the given sizes; the last size repeats. */
export function readAll(bytes: Buffer, sizes: readonly number[] = [bytes.length], reader = openReader()): AnswerPart[] {
  const parts: AnswerPart[] = []
  let start = 0
  for (let turn = 0; start < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[Math.min(turn, sizes.length - 1)] ?? 1)
    parts.push(...reader.feed(bytes.subarray(start, start + size)))
    start += size
  }
  return [...parts, ...reader.finish()]
}
