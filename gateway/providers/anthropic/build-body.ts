import type { Deployment } from '../../config/gateway-config.ts'
import { type FlatToolNames, flattenToolNames } from '../../model/flatten-tools.ts'
import type { JsonObject } from '../../model/json.ts'
import type { ModelRequest } from '../../model/model-request.ts'
import type { ModelCall } from '../provider.ts'
import { limitCacheMarks } from './cache-marks.ts'
import { endConversation } from './last-message.ts'
import { type ModelTraits, traitsOf } from './model-traits.ts'
import { planOtherFields } from './other-fields.ts'
import { planFormat } from './output-format.ts'
import { pairResults } from './pair-results.ts'
import { cannotCarry, writeWithinDepth } from './refusal.ts'
import { planSampling } from './sampling.ts'
import { planThinking, type ThinkingPlan, withoutThinking } from './thinking.ts'
import { type Conversation, type Message, writeConversation } from './write-conversation.ts'
import { planTools, writeToolChoice } from './write-tools.ts'

export interface MessagesBody {
  readonly bytes: Buffer
  readonly warnings: readonly string[]
  readonly names: FlatToolNames
  readonly customTools: ReadonlySet<string>
}

/**
 * Writes a request as a body of this wire, in the forms that the deployment's model takes.
 *
 * @throws GatewayError 400 naming field and provider for what cannot be carried
 */
export function buildMessagesBody(call: ModelCall, apiVersion: string): MessagesBody {
  const builder = new BodyBuilder(call, apiVersion)
  const bytes = writeWithinDepth(() => Buffer.from(JSON.stringify(builder.build())))
  return {
    bytes,
    warnings: [...new Set(builder.warnings)],
    names: builder.names,
    customTools: builder.customTools,
  }
}

class BodyBuilder {
  readonly warnings: string[] = []
  readonly names: FlatToolNames
  customTools: ReadonlySet<string> = new Set()
  readonly #call: ModelCall
  readonly #request: ModelRequest
  readonly #deployment: Deployment
  readonly #traits: ModelTraits
  readonly #apiVersion: string

  constructor(call: ModelCall, apiVersion: string) {
    this.#call = call
    this.#request = call.request
    this.#deployment = call.deployment
    this.#traits = traitsOf(call.deployment)
    this.#apiVersion = apiVersion
    this.names = flattenToolNames(call.request.tools, call.request.turns)
  }

  build(): JsonObject {
    const maxTokens = this.#outputLimit()
    let plan = this.#planThinking(maxTokens)
    let conversation = this.#writeConversation(plan)
    if (plan.isBudget && lacksThinking(conversation.messages)) {
      plan = withoutThinking(this.#traits, plan, 'the open tool turn came without its thinking') ?? plan
      conversation = this.#writeConversation(plan)
    }
    this.warnings.push(...plan.warnings)
    this.#endConversation(conversation.messages, plan)
    const body = this.#assemble(conversation, plan, maxTokens)
    this.#addDefaults(body)
    const surplus = limitCacheMarks(body)
    if (surplus > 0) this.warnings.push(`took out ${surplus} cache marks: at most 4 are taken`)
    return body
  }

  #outputLimit(): number {
    const { maxOutputTokens } = this.#traits
    const wanted = this.#request.maxOutputTokens ?? positive(this.#call.defaults.max_tokens) ?? maxOutputTokens
    // The limits of models that are not known here are a guess, and no reason to cut.
    const isLimitKnown = this.#traits.known || this.#deployment.maxOutputTokens !== undefined
    if (!isLimitKnown || wanted <= maxOutputTokens) return wanted
    this.warnings.push(`lowered the output limit from ${wanted} to ${maxOutputTokens}: the model's own`)
    return maxOutputTokens
  }

  /** A forced call and thinking exclude each other: the call is the harder wish. */
  #planThinking(maxTokens: number): ThinkingPlan {
    const plan = planThinking(this.#traits, this.#request.reasoning, maxTokens)
    const mode = this.#request.toolChoice?.mode
    const isForced = (mode === 'required' || mode === 'named') && this.#request.tools.length > 0
    if (!isForced || !plan.isThinking) return plan
    const calm = withoutThinking(this.#traits, plan, 'a forced tool call excludes it')
    if (calm === undefined) {
      throw cannotCarry(this.#deployment, 'tool_choice', 'forced tool call, as the model always thinks,')
    }
    return calm
  }

  #writeConversation(plan: ThinkingPlan): Conversation {
    const { turns } = this.#request
    const pairing = pairResults(turns)
    if (pairing.orphans > 0) this.warnings.push(`dropped ${pairing.orphans} tool results without a call`)
    if (pairing.unanswered > 0) {
      this.warnings.push(`answered ${pairing.unanswered} tool calls without a result in their place`)
    }
    const context = {
      deployment: this.#deployment,
      scope: this.#call.scope,
      names: this.names,
      pairing,
      keepThinking: plan.isThinking,
      warn: (text: string) => this.warnings.push(text),
    }
    return writeConversation(turns, context, this.#traits)
  }

  #endConversation(messages: Message[], plan: ThinkingPlan): void {
    endConversation(messages, {
      deployment: this.#deployment,
      traits: this.#traits,
      dialect: this.#request.dialect,
      isThinking: plan.isThinking,
      warn: (text) => this.warnings.push(text),
    })
  }

  #assemble(conversation: Conversation, plan: ThinkingPlan, maxTokens: number): JsonObject {
    const request = this.#request
    const format = planFormat(this.#traits, request.outputFormat)
    const sampling = planSampling(request, this.#traits, { isThinking: plan.isThinking, apiVersion: this.#apiVersion })
    const tools = planTools(this.#deployment, this.#traits, request, this.names)
    const other = planOtherFields(this.#deployment, request)
    this.customTools = tools.customTools
    this.warnings.push(...format.warnings, ...sampling.warnings, ...tools.warnings, ...other.warnings)
    if (format.instruction !== undefined) conversation.system.push({ type: 'text', text: format.instruction })
    const offered = tools.tools.length > 0 ? tools.tools : toolsOfHistory(conversation.messages)
    const choice = tools.tools.length > 0 ? writeToolChoice(request, this.names) : { type: 'none' }
    const stop = this.#stopSequences()
    const outputConfig: JsonObject = {
      ...(plan.effort === undefined ? {} : { effort: plan.effort }),
      ...(format.format === undefined ? {} : { format: format.format }),
    }
    return {
      ...other.fields,
      model: this.#deployment.upstreamModel,
      max_tokens: maxTokens,
      ...(conversation.system.length === 0 ? {} : { system: conversation.system }),
      messages: conversation.messages.map((message) => ({ role: message.role, content: message.content })),
      ...(offered.length === 0 ? {} : { tools: offered, ...(choice === undefined ? {} : { tool_choice: choice }) }),
      ...(stop.length === 0 ? {} : { stop_sequences: stop }),
      ...sampling.fields,
      ...(plan.thinking === undefined ? {} : { thinking: plan.thinking }),
      ...(Object.keys(outputConfig).length === 0 ? {} : { output_config: outputConfig }),
      ...(request.stream ? { stream: true } : {}),
    }
  }

  #stopSequences(): string[] {
    const wanted = this.#request.stop ?? []
    const usable = wanted.filter((text) => text.trim() !== '')
    if (usable.length < wanted.length) this.warnings.push('dropped stop sequences of nothing but space')
    return usable
  }

  #addDefaults(body: JsonObject): void {
    const { refusedFields } = this.#deployment
    for (const [name, value] of Object.entries(this.#call.defaults)) {
      if (body[name] === undefined && !refusedFields.includes(name)) body[name] = value
    }
    for (const name of refusedFields) {
      if (body[name] === undefined || required.has(name)) continue
      delete body[name]
      this.warnings.push(`dropped ${name}: ${this.#deployment.provider} does not accept it`)
    }
  }
}

const required = new Set(['model', 'messages', 'max_tokens'])

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
}

/** True when the last message answers calls of a message that does not begin with thinking. */
function lacksThinking(messages: readonly Message[]): boolean {
  const last = messages.at(-1)
  if (last?.role !== 'user' || last.content[0]?.type !== 'tool_result') return false
  const first = messages.at(-2)?.content[0]?.type
  return first !== 'thinking' && first !== 'redacted_thinking'
}

/** Calls in the history want their tools declared, even when the client offers none any longer. */
function toolsOfHistory(messages: readonly Message[]): JsonObject[] {
  const calls = messages.flatMap((message) => message.content.filter((block) => block.type === 'tool_use'))
  const names = new Set(calls.map((call) => call.name).filter((name) => typeof name === 'string'))
  return [...names].map((name) => ({ name, input_schema: { type: 'object', properties: {} } }))
}
