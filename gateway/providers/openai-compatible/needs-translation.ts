import type { Deployment } from '../../config/gateway-config.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { isSealed } from '../../model/sealed-state.ts'
import { rulesOf } from './model-families.ts'
import { type ChatQuirks, quirksOf } from './quirks.ts'

type Target = Pick<Deployment, 'provider' | 'upstreamModel' | 'baseUrl'>

/**
 * Whether a chat completion in the client's own bytes is known to be refused by this upstream, so that it has to be written
 * anew: our sealed state in it, ids or an order that the upstream does not take, reasoning that it wants or refuses,
 * sampling that its model refuses. Requests with wishes that a translation cannot hold always pass through.
 */
export function needsTranslation(deployment: Target, body: JsonObject): boolean {
  if (holdsUntranslatable(body) || !Array.isArray(body.messages)) return false
  const quirks = quirksOf(deployment)
  const messages = body.messages.filter((message): message is JsonObject => isJsonObject(message))
  return (
    samplingIsRefused(deployment, body) ||
    thinksWithTools(deployment, body) ||
    messages.some((message, position) => isRefused(quirks, message, messages[position - 1]))
  )
}

/**
 * Whether a request, in any dialect, has tools for a model that takes them on chat completions only while it does not
 * think. Its Responses API takes both; without one the model is told not to think. What only chat completions can hold
 * stays there.
 */
export function thinksWithTools({ provider, upstreamModel }: Target, body: JsonObject): boolean {
  if (provider === 'openrouter' || !rulesOf(upstreamModel).toolsOnlyAtEffortNone) return false
  const offered = [body.tools, body.functions].some((tools) => Array.isArray(tools) && tools.length > 0)
  return offered && body.reasoning_effort !== 'none' && !holdsUntranslatable(body)
}

/** Several answers, logprobs and audio have no place in a translated answer. */
function holdsUntranslatable(body: JsonObject): boolean {
  const several = typeof body.n === 'number' && body.n > 1
  return several || body.logprobs === true || isSet(body.audio) || isSet(body.modalities)
}

function isSet(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null
}

function samplingIsRefused({ upstreamModel }: Target, body: JsonObject): boolean {
  const { sampling } = rulesOf(upstreamModel)
  if (sampling === 'accepted' || (sampling === 'at-effort-none' && body.reasoning_effort === 'none')) return false
  return isSet(body.temperature) || isSet(body.top_p)
}

function isRefused(quirks: ChatQuirks, message: JsonObject, before: JsonObject | undefined): boolean {
  if (message.role === 'user') return !quirks.userAfterTool && before?.role === 'tool'
  if (message.role === 'developer') return quirks.refusesDeveloper
  if (message.role !== 'assistant') return false
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls.filter((call) => isJsonObject(call)) : []
  return (
    holdsSealedState(message, calls) ||
    reasoningIsWrong(quirks, message, calls.length > 0) ||
    (quirks.refusesOtherIds &&
      calls.some((call) => typeof call.id === 'string' && !quirks.toolIds.pattern.test(call.id)))
  )
}

function reasoningIsWrong(quirks: ChatQuirks, message: JsonObject, hasCalls: boolean): boolean {
  const field = quirks.reasoningField
  if (quirks.reasoningRequired && hasCalls && field !== undefined && typeof message[field] !== 'string') return true
  return quirks.refusesReasoning && (isSet(message.reasoning_content) || isSet(message.reasoning))
}

function holdsSealedState(message: JsonObject, calls: readonly JsonObject[]): boolean {
  const details = Array.isArray(message.reasoning_details) ? message.reasoning_details : []
  const inDetails = details.map((detail) => (isJsonObject(detail) ? detail.data : undefined))
  const inCalls = calls.map((call) => {
    const google = isJsonObject(call.extra_content) ? call.extra_content.google : undefined
    return isJsonObject(google) ? google.thought_signature : undefined
  })
  return [...inDetails, ...inCalls].some((text) => typeof text === 'string' && isSealed(text))
}
