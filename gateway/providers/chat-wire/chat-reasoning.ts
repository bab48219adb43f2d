import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

/** What a message or a delta says beside tool calls. */
export interface ChatPiece {
  readonly reasoning: string
  readonly text: string
  /** `reasoning_details` as they came. */
  readonly details: readonly JsonObject[]
}

/**
 * Reads text and reasoning in every spelling that upstreams of the chat wire use: `reasoning_details` (OpenRouter, MiniMax),
 * `reasoning_content` (DeepSeek, llama.cpp, Z.ai), `reasoning` (vLLM, Groq, Ollama), `thinking`, and content that is a list
 * with `thinking` parts (Mistral). Where several fields say the same, one counts.
 */
export function readChatPiece(message: JsonObject): ChatPiece {
  const details = objects(message.reasoning_details)
  const content = readContent(message.content)
  const fields = [details.map(detailText).join(''), ...reasoningFields.map((field) => stringOf(message[field]))]
  const reasoning = fields.find((text) => text !== '') ?? content.reasoning
  return { reasoning, text: content.text, details }
}

const reasoningFields = ['reasoning_content', 'reasoning', 'thinking']

function readContent(content: JsonValue | undefined): { text: string; reasoning: string } {
  if (typeof content === 'string') return { text: content, reasoning: '' }
  const parts = objects(content)
  const thoughts = parts.filter((part) => part.type === 'thinking')
  return {
    text: parts
      .filter((part) => part.type === 'text' || part.type === 'output_text')
      .map((part) => stringOf(part.text))
      .join(''),
    reasoning: thoughts.map((part) => thinkingText(part.thinking)).join(''),
  }
}

function thinkingText(value: JsonValue | undefined): string {
  return typeof value === 'string'
    ? value
    : objects(value)
        .map((part) => stringOf(part.text))
        .join('')
}

function detailText(detail: JsonObject): string {
  return stringOf(detail.text) || stringOf(detail.summary)
}

/**
 * Joins the details of a stream to those of a whole answer: neighbours of one type and index are pieces of one entry.
 * They go back unchanged and in order.
 */
export function mergeDetails(details: readonly JsonObject[]): JsonObject[] {
  const merged: JsonObject[] = []
  for (const detail of details) {
    const last = merged.at(-1)
    const continues = last !== undefined && last.type === detail.type && last.index === detail.index
    if (continues && detail.type !== 'reasoning.encrypted') merged[merged.length - 1] = joinDetails(last, detail)
    else merged.push(detail)
  }
  return merged
}

function joinDetails(first: JsonObject, second: JsonObject): JsonObject {
  const joined: JsonObject = { ...first }
  for (const [key, value] of Object.entries(second)) {
    const before = joined[key]
    if ((key === 'text' || key === 'summary') && typeof before === 'string' && typeof value === 'string') {
      joined[key] = before + value
    } else if (value !== null) joined[key] = value
  }
  return joined
}

export function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter((entry): entry is JsonObject => isJsonObject(entry)) : []
}

export function stringOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
