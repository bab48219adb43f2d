import type { JsonObject } from '../../model/json.ts'
import type { Part, ToolCallPart, ToolResultPart, Turn } from '../../model/parts.ts'
import type { ModelTraits } from './model-traits.ts'
import { cannotCarry } from './refusal.ts'
import { type AssistantContext, assistantBlocks } from './write-assistant.ts'
import { cacheControl, contentBlocks, mediaBlock, textBlocks } from './write-content.ts'

export interface Conversation {
  readonly system: JsonObject[]
  readonly messages: Message[]
}

export interface Message {
  readonly role: 'user' | 'assistant' | 'system'
  readonly content: JsonObject[]
}

/** Stands first where a conversation would begin with the assistant, which the API refuses. */
const opening = '(The conversation begins with the answer below.)'
/** Answers a call whose result is not in the history: the API wants one for each. */
const noResult = 'No result was recorded for this call.'

/**
 * Writes turns as the API wants them: leading system text apart, roles in turn, the results of a turn's calls together
 * and first in the next user message, no empty blocks, a user first.
 */
export function writeConversation(
  turns: readonly Turn[],
  context: AssistantContext,
  traits: ModelTraits,
): Conversation {
  const first = turns.findIndex((turn) => turn.role !== 'system')
  const leading = first === -1 ? turns : turns.slice(0, first)
  const system = leading.flatMap((turn) => turn.parts.flatMap((part) => systemBlocks(part, context)))
  const writer = new MessageWriter(context, traits.lateSystem)
  const rest = first === -1 ? [] : turns.slice(first)
  for (const turn of rest) writer.add(turn)
  return { system, messages: writer.end() }
}

class MessageWriter {
  readonly #context: AssistantContext
  readonly #lateSystem: boolean
  readonly #messages: Message[] = []
  #openCalls: ToolCallPart[] = []

  constructor(context: AssistantContext, lateSystem: boolean) {
    this.#context = context
    this.#lateSystem = lateSystem
  }

  add(turn: Turn): void {
    if (turn.role === 'assistant') return this.#addAssistant(turn.parts)
    if (turn.role === 'system') return this.#addSystem(turn.parts)
    // Results are placed by their calls; a turn of nothing but results that were placed already adds nothing.
    this.#answerCalls()
    this.#append(
      'user',
      turn.parts.flatMap((part) => userBlocks(part, this.#context)),
    )
  }

  end(): Message[] {
    this.#answerCalls()
    const first = this.#messages[0]
    if (first === undefined || first.role !== 'user') {
      this.#messages.unshift({ role: 'user', content: [{ type: 'text', text: opening }] })
    }
    return this.#messages
  }

  #addAssistant(parts: readonly Part[]): void {
    this.#append(
      'assistant',
      parts.flatMap((part) => assistantBlocks(part, this.#context)),
    )
    this.#openCalls.push(...parts.filter((part) => part.type === 'tool-call'))
  }

  /**
   * A system turn in the middle keeps its place: as itself where the model takes it there (after a user, before an
   * assistant or last), else as an instruction inside the user's turn. Moved to the top it would change its meaning.
   */
  #addSystem(parts: readonly Part[]): void {
    const blocks = parts.flatMap((part) => systemBlocks(part, this.#context))
    this.#answerCalls()
    const last = this.#messages.at(-1)?.role
    if (this.#lateSystem && (last === 'user' || last === 'system')) this.#append('system', blocks)
    else this.#append('user', this.#instructions(blocks))
  }

  #instructions(blocks: readonly JsonObject[]): JsonObject[] {
    if (blocks.length > 0) this.#context.warn('gave a late system message as an instruction inside a user message')
    return blocks.map((block) => ({
      ...block,
      text: `<system>\n${typeof block.text === 'string' ? block.text : ''}\n</system>`,
    }))
  }

  /** Puts the results of all calls that are open into one user message, before anything else in it. */
  #answerCalls(): void {
    const calls = this.#openCalls
    this.#openCalls = []
    this.#append(
      'user',
      calls.map((call) => this.#resultOf(call)),
    )
  }

  #resultOf(call: ToolCallPart): JsonObject {
    const paired = this.#context.pairing.calls.get(call)
    const id = paired?.id ?? call.id
    return paired?.result === undefined
      ? { type: 'tool_result', tool_use_id: id, content: noResult, is_error: true }
      : this.#writeResult(id, paired.result)
  }

  #writeResult(id: string, result: ToolResultPart): JsonObject {
    const blocks = contentBlocks(this.#context.deployment, result.content)
    return {
      type: 'tool_result',
      tool_use_id: id,
      ...(blocks.length === 0 ? {} : { content: blocks }),
      ...(result.isError ? { is_error: true } : {}),
      ...cacheControl(result.cacheMark),
    }
  }

  #append(role: Message['role'], blocks: readonly JsonObject[]): void {
    if (blocks.length === 0) return
    if (role === 'user') this.#foldSystem()
    const last = this.#messages.at(-1)
    if (last?.role === role) last.content.push(...blocks)
    else this.#messages.push({ role, content: [...blocks] })
  }

  /** A system message that turns out to stand between two user messages cannot stay one. */
  #foldSystem(): void {
    if (this.#messages.at(-1)?.role !== 'system') return
    const system = this.#messages.pop()
    this.#messages.at(-1)?.content.push(...this.#instructions(system?.content ?? []))
  }
}

function userBlocks(part: Part, context: AssistantContext): JsonObject[] {
  switch (part.type) {
    case 'text':
      return textBlocks(part.text, part.cacheMark)
    case 'media':
      return [mediaBlock(context.deployment, part)]
    case 'foreign':
      if (part.dialect !== 'messages') throw cannotCarry(context.deployment, 'messages', 'parts of another dialect')
      return [part.value]
    case 'refusal':
      return textBlocks(part.text)
    default:
      return []
  }
}

function systemBlocks(part: Part, context: AssistantContext): JsonObject[] {
  if (part.type === 'text') return textBlocks(part.text, part.cacheMark)
  context.warn(`dropped a ${part.type} part from a system message: it takes text only`)
  return []
}
