import type { Deployment } from '../../config/gateway-config.ts'
import type { Dialect } from '../../model/dialect.ts'
import type { JsonObject } from '../../model/json.ts'
import type { ModelTraits } from './model-traits.ts'
import { cannotCarry } from './refusal.ts'
import type { Message } from './write-conversation.ts'

/** Asks for the next turn where the history ends with the assistant's own. */
const goOn = 'Continue.'

/**
 * Makes the conversation end as this model wants it. A last message of the assistant is a beginning to be continued for
 * Messages clients, and refused where the model cannot do that; for all others it is history, and a user turn follows.
 * Edits the messages.
 *
 * @throws GatewayError `unsupported_field` for a beginning that cannot be continued
 */
export function endConversation(
  messages: Message[],
  options: {
    readonly deployment: Deployment
    readonly traits: ModelTraits
    readonly dialect: Dialect
    readonly isThinking: boolean
    readonly warn: (text: string) => void
  },
): void {
  const last = messages.at(-1)
  if (last?.role !== 'assistant') return
  const canContinue = options.traits.prefill && !options.isThinking
  if (!canContinue && options.dialect === 'messages') {
    throw cannotCarry(options.deployment, 'messages', 'last message of the assistant to be continued')
  }
  if (!canContinue) {
    messages.push({ role: 'user', content: [{ type: 'text', text: goOn }] })
    options.warn('added a user message at the end: the model does not continue a message of the assistant')
    return
  }
  trimEnd(last.content)
}

/** The API refuses a beginning that ends in space. */
function trimEnd(content: JsonObject[]): void {
  const block = content.at(-1)
  if (block?.type === 'text' && typeof block.text === 'string') block.text = block.text.trimEnd()
}
