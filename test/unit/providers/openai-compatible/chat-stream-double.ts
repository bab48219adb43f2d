import type { AnswerPart } from '../../../../gateway/model/answer-parts.ts'
import { gatherAnswer, type ModelAnswer } from '../../../../gateway/model/answer.ts'
import { flattenToolNames } from '../../../../gateway/model/flatten-tools.ts'
import type { ToolDefinition } from '../../../../gateway/model/model-request.ts'
import { ChatReader, type ChatReading } from '../../../../gateway/providers/chat-wire/chat-reader.ts'
import { unwrapCustomInput } from '../../../../gateway/providers/openai-compatible/custom-tools.ts'
import { chatChunk, chatStream, readAll, type StreamFraming } from '../../../doubles/wires/chat-upstream.ts'

export function reading(tools: readonly ToolDefinition[] = []): ChatReading {
  const names = flattenToolNames(tools)
  const wrapped = new Set(tools.filter((tool) => tool.type === 'custom').map((tool) => names.flat(tool)))
  return {
    upstream: { provider: 'double', upstreamModel: 'double-1' },
    names,
    scope: 'here',
    isWrapped: (name) => wrapped.has(name),
    unwrap: unwrapCustomInput,
  }
}

export function parts(chunks: readonly object[], framing: StreamFraming = {}, sizes?: readonly number[]): AnswerPart[] {
  return readAll(new ChatReader(reading()), chatStream(chunks, framing), sizes)
}

export const answer = (chunks: readonly object[], framing: StreamFraming = {}): ModelAnswer =>
  gatherAnswer(parts(chunks, framing))

export const delta = chatChunk
export const stop = chatChunk({}, 'stop')
export const toolStop = chatChunk({}, 'tool_calls')
export const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
export const usageChunk = { id: 'c', choices: [], usage }
export const toolDelta = (...entries: readonly object[]): object => delta({ tool_calls: entries })
export const named = (index: unknown, id: unknown, name: string, given = ''): object => ({
  index,
  id,
  type: 'function',
  function: { name, arguments: given },
})
export const more = (index: unknown, given: unknown, rest: object = {}): object => ({
  index,
  function: { arguments: given },
  ...rest,
})

export const calls = (whole: ModelAnswer): (string | undefined)[][] =>
  whole.parts.flatMap(({ part, text }) => (part.type === 'tool-call' ? [[part.name, text]] : []))
