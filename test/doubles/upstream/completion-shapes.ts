import type { CompletionScript, ErrorScript, StreamScript, ToolCallScript, UsageScript } from './script.ts'

/*
 * Shapes of OpenAI Chat Completions: platform.openai.com/docs/api-reference/chat (object, streaming) as of 2026-11; usage in
 * the finish chunk as api.mistral.ai sends it; `reasoning_content` as DeepSeek's API documents it. The texts are our own.
 */

/** 2026-11-20T00:00:00Z in seconds: answers are the same on every run. */
const created = 1_795_132_800

const defaultUsage: UsageScript = { prompt: 20, completion: 5 }

/** The body of a JSON answer. */
export function completionBody(script: CompletionScript, model: string): Record<string, unknown> {
  const text = joined(script.text)
  const calls = script.toolCalls ?? []
  const message: Record<string, unknown> = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
  }
  if (script.reasoning !== undefined) message.reasoning_content = joined(script.reasoning)
  if (calls.length > 0) message.tool_calls = calls.map(wholeToolCall)
  const body: Record<string, unknown> = {
    id: 'chatcmpl-double',
    object: 'chat.completion',
    created,
    model: script.model ?? model,
    choices: [{ index: 0, finish_reason: finishReason(script), logprobs: null, message }],
    ...script.extra,
  }
  if (script.usage !== 'none') body.usage = usageBody(script.usage ?? defaultUsage)
  return body
}

/** The chunks of a stream in order, without framing. `includeUsage` is what the request asked for. */
export function streamChunks(script: StreamScript, model: string, includeUsage: boolean): Record<string, unknown>[] {
  const place = script.usagePlace ?? 'own-chunk'
  const usage = script.usage === 'none' ? undefined : usageBody(script.usage ?? defaultUsage)
  const ownChunk = usage !== undefined && (place === 'every-stream' || (place === 'own-chunk' && includeUsage))
  const frame = (choices: unknown[], members: Record<string, unknown> = {}): Record<string, unknown> => ({
    id: 'chatcmpl-double',
    object: 'chat.completion.chunk',
    created,
    model: script.model ?? model,
    choices,
    ...(ownChunk ? { usage: null } : {}),
    ...members,
  })
  const delta = (change: Record<string, unknown>, finish: string | null = null): unknown[] => [
    { index: 0, delta: change, finish_reason: finish },
  ]
  const chunks = [frame(delta({ role: 'assistant', content: '' }))]
  for (const piece of pieces(script.reasoning)) chunks.push(frame(delta({ reasoning_content: piece })))
  for (const piece of pieces(script.text)) chunks.push(frame(delta({ content: piece })))
  for (const change of toolCallDeltas(script.toolCalls ?? [])) chunks.push(frame(delta(change)))
  const inFinish = usage !== undefined && place === 'finish-chunk' ? { usage } : {}
  chunks.push(frame(delta({}, finishReason(script)), inFinish))
  if (ownChunk) chunks.push(frame([], { usage }))
  return chunks
}

/** The body of a refusal. */
export function errorBody(script: Omit<ErrorScript, 'kind' | 'status' | 'headers'>): Record<string, unknown> {
  return {
    error: {
      message: script.message ?? 'The upstream double refuses this request.',
      type: script.type ?? 'invalid_request_error',
      param: null,
      code: script.code ?? null,
    },
  }
}

function usageBody(usage: UsageScript): Record<string, unknown> {
  return {
    prompt_tokens: usage.prompt,
    completion_tokens: usage.completion,
    total_tokens: usage.prompt + usage.completion,
    prompt_tokens_details: {
      cached_tokens: usage.cached ?? 0,
      ...(usage.cacheWritten === undefined ? {} : { cache_write_tokens: usage.cacheWritten }),
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
  }
}

function finishReason(script: CompletionScript | StreamScript): string {
  return script.finishReason ?? ((script.toolCalls ?? []).length > 0 ? 'tool_calls' : 'stop')
}

function wholeToolCall(call: ToolCallScript): Record<string, unknown> {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments.join('') } }
}

function toolCallDeltas(calls: readonly ToolCallScript[]): Record<string, unknown>[] {
  return calls.flatMap((call, index) => [
    { tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }] },
    ...call.arguments.map((fragment) => ({ tool_calls: [{ index, function: { arguments: fragment } }] })),
  ])
}

function pieces(text: string | readonly string[] | undefined): readonly string[] {
  if (text === undefined) return []
  return typeof text === 'string' ? [text] : text
}

function joined(text: string | readonly string[] | undefined): string {
  return pieces(text).join('')
}
