import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { isSealed } from '../../model/sealed-state.ts'
import type { ModelTraits } from './model-traits.ts'

export interface NativeMessages {
  readonly messages: JsonValue[]
  readonly warnings: readonly string[]
  /** True when the last message answers calls whose thinking was taken out. */
  readonly lacksThinking: boolean
}

/**
 * Makes a history that other upstreams took part in acceptable here: thinking that another upstream made is taken out, as
 * its signature would be refused, and system messages between others become part of the user's turn where the model does
 * not know them. Undefined when nothing has to change.
 */
export function adaptMessages(messages: readonly JsonValue[], traits: ModelTraits): NativeMessages | undefined {
  const warnings: string[] = []
  const signed = messages.map((message) => withoutForeignThinking(message, traits))
  if (signed.some((message, index) => message !== messages[index])) {
    warnings.push('left out thinking that another upstream made')
  }
  const adapted = traits.known && !traits.lateSystem ? foldSystem(signed) : signed
  if (adapted.length !== signed.length) warnings.push('gave system messages as instructions inside user messages')
  if (warnings.length === 0) return undefined
  return { messages: adapted.filter((message) => !isEmptied(message)), warnings, lacksThinking: lacksThinking(adapted) }
}

function withoutForeignThinking(message: JsonValue, traits: ModelTraits): JsonValue {
  if (!isJsonObject(message) || message.role !== 'assistant' || !Array.isArray(message.content)) return message
  const kept = message.content.filter((block) => !isForeignThinking(block, traits))
  return kept.length === message.content.length ? message : { ...message, content: kept }
}

function isForeignThinking(block: JsonValue, traits: ModelTraits): boolean {
  if (!isJsonObject(block)) return false
  if (block.type === 'redacted_thinking') return typeof block.data === 'string' && isSealed(block.data)
  if (block.type !== 'thinking') return false
  if (typeof block.signature !== 'string' || block.signature === '') return traits.known
  return isSealed(block.signature)
}

/** A turn that held nothing but such thinking. */
function isEmptied(message: JsonValue): boolean {
  return (
    isJsonObject(message) &&
    message.role === 'assistant' &&
    Array.isArray(message.content) &&
    message.content.length === 0
  )
}

/** System messages go into the user message before them, else the one after. */
function foldSystem(messages: readonly JsonValue[]): JsonValue[] {
  const folded: JsonValue[] = []
  for (const message of messages) {
    if (!isJsonObject(message) || message.role !== 'system') {
      const last = folded.at(-1)
      const continues = isJsonObject(message) && message.role === 'user' && isJsonObject(last) && last.role === 'user'
      if (continues) folded[folded.length - 1] = joined(last, blocksOf(message.content))
      else folded.push(message)
      continue
    }
    const instruction = blocksOf(message.content).map((block) => asInstruction(block))
    const last = folded.at(-1)
    if (isJsonObject(last) && last.role === 'user') folded[folded.length - 1] = joined(last, instruction)
    else folded.push({ role: 'user', content: instruction })
  }
  return folded
}

function joined(message: JsonObject, blocks: readonly JsonValue[]): JsonObject {
  return { ...message, content: [...blocksOf(message.content), ...blocks] }
}

function blocksOf(content: JsonValue | undefined): JsonValue[] {
  if (typeof content === 'string') return content.trim() === '' ? [] : [{ type: 'text', text: content }]
  return Array.isArray(content) ? content : []
}

function asInstruction(block: JsonValue): JsonValue {
  if (!isJsonObject(block) || typeof block.text !== 'string') return block
  return { ...block, text: `<system>\n${block.text}\n</system>` }
}

function lacksThinking(messages: readonly JsonValue[]): boolean {
  const last = messages.at(-1)
  const before = messages.at(-2)
  if (!isJsonObject(last) || !isJsonObject(before)) return false
  const answersCalls = blocksOf(last.content).some((block) => isJsonObject(block) && block.type === 'tool_result')
  const first = blocksOf(before.content)[0]
  const thinks = isJsonObject(first) && (first.type === 'thinking' || first.type === 'redacted_thinking')
  return answersCalls && !thinks
}
