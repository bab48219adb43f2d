import { controlFields, forbiddenFields } from '../../model/gateway-fields.ts'
import { flattenToolNames, type FlatToolNames } from '../../model/flatten-tools.ts'
import type { JsonObject } from '../../model/json.ts'
import type { ModelCall } from '../provider.ts'
import { rulesOf } from './model-families.ts'
import { orderMessages } from './order-messages.ts'
import { quirksOf } from './quirks.ts'
import { refusal, type Translation } from './translation.ts'
import { WarningList } from './warning-list.ts'
import { writeFormat } from './write-format.ts'
import { writeTurns } from './write-messages.ts'
import { writeParameters } from './write-parameters.ts'
import { writeReasoning } from './write-reasoning.ts'
import { writeTools } from './write-tools.ts'

export interface ModelBody {
  readonly body: JsonObject
  readonly warnings: readonly string[]
  /** For reading the calls of the answer back. */
  readonly names: FlatToolNames
}

/**
 * Writes a request in no dialect as a chat completion for one upstream: by its quirks and its model's rules, then by what
 * the deployment says of its fields.
 * @throws GatewayError 400 `unsupported_field` naming field and provider for what cannot be carried
 */
export function buildModelBody(call: ModelCall): ModelBody {
  const { deployment, request, scope } = call
  const names = flattenToolNames(request.tools, request.turns)
  const warnings = new WarningList()
  const translation: Translation = {
    deployment,
    request,
    scope,
    quirks: quirksOf(deployment),
    rules: rulesOf(deployment.upstreamModel),
    names,
    warnings,
  }
  for (const warning of request.warnings) warnings.add(warning)
  const format = writeFormat(translation)
  const messages = orderMessages(translation, writeTurns(translation))
  const body: JsonObject = {
    model: deployment.upstreamModel,
    messages: withInstruction(messages, format.instruction),
    ...writeTools(translation),
    ...writeParameters(translation),
    ...writeReasoning(translation),
    ...format.fields,
    ...continuation(translation, messages),
  }
  addExtensions(translation, body)
  return { body: finished(call, body, warnings), warnings: warnings.all(), names }
}

/** vLLM continues a trailing assistant message when told to. */
function continuation({ quirks, request }: Translation, messages: readonly JsonObject[]): JsonObject {
  const isBeginning = request.dialect === 'messages' || request.continuesLastTurn === true
  const continues = quirks.prefill === 'continue' && isBeginning
  return continues && messages.at(-1)?.role === 'assistant'
    ? { continue_final_message: true, add_generation_prompt: false }
    : {}
}

function withInstruction(messages: JsonObject[], instruction: string | undefined): JsonObject[] {
  if (instruction === undefined) return messages
  const [first, ...rest] = messages
  if (first !== undefined && first.role !== 'user' && typeof first.content === 'string' && first.role !== 'assistant') {
    return [{ ...first, content: `${first.content}\n\n${instruction}` }, ...rest]
  }
  return [{ role: 'system', content: instruction }, ...messages]
}

/** Unknown fields of a chat client go on to a chat upstream; those of another dialect mean nothing here. */
function addExtensions(translation: Translation, body: JsonObject): void {
  const { request, warnings, deployment } = translation
  const extensions = Object.entries(request.extensions).filter(([key]) => !controlFields.has(key))
  const modalities = request.extensions.modalities
  if (request.extensions.audio !== undefined || (Array.isArray(modalities) && modalities.includes('audio'))) {
    throw refusal(translation, 'modalities', 'a wish for audio in translation')
  }
  if (request.dialect !== 'chat-completions') {
    const lost = extensions.map(([key]) => key.slice(0, 60))
    if (lost.length > 0) warnings.add(`dropped ${lost.join(', ')}: ${deployment.provider} does not accept it`)
    return
  }
  for (const [key, value] of extensions) {
    if (forbiddenFields.has(key)) warnings.add(`dropped ${key}: a request may not set it`)
    else if (!Object.hasOwn(body, key)) body[key] = value
  }
}

const limitTwins: Readonly<Record<string, string>> = {
  max_tokens: 'max_completion_tokens',
  max_completion_tokens: 'max_tokens',
}

/** What the deployment says of fields: defaults added, refused ones taken out, others renamed, usage and stream asked for. */
function finished({ deployment, request, defaults }: ModelCall, body: JsonObject, warnings: WarningList): JsonObject {
  const complete: JsonObject = { ...body }
  for (const [key, value] of Object.entries(defaults)) {
    const twin = limitTwins[key]
    if (!Object.hasOwn(complete, key) && !(twin !== undefined && Object.hasOwn(complete, twin))) complete[key] = value
  }
  for (const [name, theirs] of Object.entries(deployment.renamedFields)) {
    const value = complete[name]
    if (value === undefined) continue
    delete complete[name]
    if (!Object.hasOwn(complete, theirs)) complete[theirs] = value
  }
  for (const field of deployment.refusedFields) {
    if (!Object.hasOwn(complete, field)) continue
    delete complete[field]
    if (Object.hasOwn(body, field)) warnings.add(`dropped ${field}: ${deployment.provider} does not accept it`)
  }
  if (request.stream) {
    complete.stream = true
    if (deployment.acceptsStreamOptions) complete.stream_options = { include_usage: true }
  }
  return complete
}
