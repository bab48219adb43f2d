import { GatewayError } from '../../model/errors.ts'
import type { ModelRequest } from '../../model/model-request.ts'
import type { DialectInput } from '../codec.ts'
import { isAbsent, wrongField } from './field-checks.ts'
import { readParameters } from './read-parameters.ts'
import { readTools, readToolChoice } from './read-tools.ts'
import { readTurns } from './read-turns.ts'

/** Fields that have a place in a request of no dialect, or that say nothing to a model. */
const placed: ReadonlySet<string> = new Set([
  'model',
  'max_tokens',
  'messages',
  'system',
  'tools',
  'tool_choice',
  'stop_sequences',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'thinking',
  'output_config',
  'output_format',
  'service_tier',
  'metadata',
])

/**
 * Reads a Messages request of either API version. Beta fields and other unknown ones are kept as extensions.
 *
 * @throws GatewayError 400 naming the field, in the path form that the API itself uses (`messages.0.content.1.text`)
 */
export function readMessagesRequest({ body }: DialectInput): ModelRequest {
  const warnings = new Set<string>()
  const warn = (text: string): void => void warnings.add(text)
  if (!isAbsent(body.thread)) throw threadRefusal()
  if (!isAbsent(body.stream) && typeof body.stream !== 'boolean') throw wrongField('stream', 'true or false')
  return {
    dialect: 'messages',
    stream: body.stream === true,
    turns: readTurns(body, warn),
    tools: readTools(body, warn),
    ...readToolChoice(body.tool_choice),
    ...readParameters(body),
    extensions: Object.fromEntries(Object.entries(body).filter(([name]) => !placed.has(name))),
    warnings: [...warnings],
  }
}

/** A conversation kept by Anthropic (`message-threads-2026-08-12`): its later requests hold the new messages only. */
function threadRefusal(): GatewayError {
  return new GatewayError(
    'unsupported_field',
    'The field "thread" lets Anthropic keep the conversation, and this model is not asked through its API. Send the whole conversation in "messages", without "thread".',
    { param: 'thread' },
  )
}
