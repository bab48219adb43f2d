import { createHash } from 'node:crypto'
import type { Deployment } from '../config/gateway-config.ts'
import type { WriteContext } from '../dialects/codec.ts'
import { GatewayError } from '../model/errors.ts'
import { gatherAnswer, type ModelAnswer } from '../model/answer.ts'
import type { JsonObject } from '../model/json.ts'
import type { ModelRequest } from '../model/model-request.ts'
import type { OpaqueScope } from '../model/parts.ts'
import { refuseForeignWishes } from '../providers/foreign-wishes.ts'
import type { CompleteAnswer, PreparedCall, TranslatedCall } from '../providers/provider.ts'
import type { ProviderRegistry } from '../providers/registry.ts'
import type { Candidate } from '../routing/plan-types.ts'
import { changedRequest } from './changed-request.ts'
import { inClientWords } from './client-words.ts'
import type { MissingWires } from './missing-wires.ts'
import { prepareEndpoint } from './prepare-endpoint.ts'
import type { ReasoningCache } from './reasoning-cache.ts'
import { RefusalMemory } from './refusal-memory.ts'
import type { RefusedFields } from './refused-fields.ts'
import type { RelayRequest } from './relay-request.ts'
import { takeOver } from './resume/begun-stream.ts'
import { continuationRequest } from './resume/continuation-request.ts'
import { continuedCall } from './resume/continued-call.ts'
import { isStitchable, type ResumePoint } from './resume/resume-point.ts'
import { inSession } from './session-header.ts'
import { refusesState } from './state-refusal.ts'
import { correctRequest } from './tool-validation/correct-request.ts'
import type { ToolValidation } from './tool-validation/tool-validation.ts'
import { translateCall } from './translate-call.ts'
import type { BegunStream } from './translated-stream.ts'

export interface PreparerDependencies {
  readonly providers: ProviderRegistry
  readonly missingWires: MissingWires
  readonly refusedFields: RefusedFields
  readonly toolValidation: ToolValidation
  readonly reasoning: ReasoningCache
  /** LiteLLM's `drop_params`, from the configuration of the moment. */
  readonly dropParams: () => boolean
}

/** What a look at a complete answer brought. */
export interface Inspection {
  readonly warnings: readonly string[]
  /** The call that asks the model to correct its tool calls; undefined where nothing is to be corrected. */
  readonly repair: PreparedCall | undefined
}

/** A call, and the wire of the deployment that it uses. */
export interface CallOnWire {
  readonly wire: Deployment
  readonly call: PreparedCall
}

/** An attempt, as far as it matters for the next one. */
interface FailedAttempt {
  readonly candidate: Candidate
  readonly task: { readonly wire: Deployment }
  readonly status: number | null
}

/**
 * Makes a request ready for one candidate after the other: the client's own bytes where the upstream speaks its dialect,
 * else a translation. The request is read to canonical form once, and only when a translation needs it.
 */
export class CallPreparer {
  readonly #request: RelayRequest
  readonly #dependencies: PreparerDependencies
  /** The same request as entries of its chains want it, by what they change. */
  #changed: Map<JsonObject, CallPreparer> | undefined
  readonly #providers: ProviderRegistry
  readonly #missing: MissingWires
  readonly #validation: ToolValidation
  readonly #reasoning: ReasoningCache
  readonly #dropParams: () => boolean
  readonly #refusals: RefusalMemory
  #read: ModelRequest | undefined
  #withoutState = false
  #body: JsonObject
  #dropped: string[] = []

  constructor(request: RelayRequest, dependencies: PreparerDependencies) {
    this.#request = request
    this.#dependencies = dependencies
    this.#providers = dependencies.providers
    this.#missing = dependencies.missingWires
    this.#validation = dependencies.toolValidation
    this.#reasoning = dependencies.reasoning
    this.#dropParams = dependencies.dropParams
    this.#refusals = new RefusalMemory(dependencies.refusedFields, dependencies.dropParams)
    this.#body = request.input.body
  }

  /**
   * @throws GatewayError when this upstream cannot carry the request. Where the config has `drop_params`, a field that it
   *   cannot carry is left out instead, with a warning.
   */
  prepare(given: Candidate): CallOnWire {
    if (given.changes !== undefined) return this.#changedFor(given.changes).prepare(asIs(given))
    const candidate = inSession(given, this.#request)
    this.#takeUpDropped()
    for (;;) {
      try {
        const { wire, call: prepared } = this.#prepareOnce(candidate)
        const call = this.#refusals.explain(prepared)
        if (this.#dropped.length === 0) return { wire, call }
        return { wire, call: { ...call, warnings: [...call.warnings, ...this.#dropped] } }
      } catch (error) {
        if (!this.#dropField(error, candidate)) throw this.#inClientWords(error)
      }
    }
  }

  #changedFor(changes: JsonObject): CallPreparer {
    this.#changed ??= new Map()
    const known = this.#changed.get(changes)
    if (known !== undefined) return known
    const own = new CallPreparer(changedRequest(this.#request, changes), this.#dependencies)
    this.#changed.set(changes, own)
    return own
  }

  #inClientWords(error: unknown): unknown {
    if (!(error instanceof GatewayError)) return error
    return inClientWords(error, this.#request.facts.dialect, this.#request.input.body)
  }

  /** What one upstream could not carry, the next one may. */
  #takeUpDropped(): void {
    if (this.#dropped.length === 0) return
    this.#dropped = []
    this.#body = this.#request.input.body
    this.#read = undefined
  }

  /**
   * True when the same candidate is to be asked in another way at once: on another of its wires where the one just tried is
   * not served, without the reasoning state that it refuses, or without a field that it refuses by name.
   */
  asksOtherwise({ candidate, task, status }: FailedAttempt, error: GatewayError): boolean {
    const { changes } = candidate
    if (changes !== undefined)
      return this.#changedFor(changes).asksOtherwise({ candidate: asIs(candidate), task, status }, error)
    if (this.#refusals.learn(task.wire, error)) return true
    // An endpoint that is not there says nothing of a wire.
    if (this.#request.endpoint !== undefined) return false
    if (this.#missing.note(candidate.deployment, task.wire, status, error)) return true
    return refusesState(error) && this.#leaveStateOut()
  }

  /** From now on no reasoning state of earlier turns goes upstream. False when it was left out already. */
  #leaveStateOut(): boolean {
    if (this.#withoutState) return false
    this.#withoutState = true
    return true
  }

  #dropField(error: unknown, { deployment }: Candidate): boolean {
    if (!(error instanceof GatewayError) || error.code !== 'unsupported_field' || !this.#dropParams()) return false
    const [field = ''] = (error.param ?? '').split(/[.[]/)
    if (essentialFields.has(field) || !Object.hasOwn(this.#body, field)) return false
    const { [field]: _dropped, ...rest } = this.#body
    this.#body = rest
    this.#read = undefined
    this.#dropped.push(`dropped ${field}: ${deployment.provider} does not accept it`)
    return true
  }

  #wireOf({ deployment }: Candidate, isNative: (wire: Deployment) => boolean): Deployment {
    const { body } = this.#request.input
    const leaves = (wire: Deployment): boolean => this.#providers[wire.adapter].leavesToOthers?.(wire, body) === true
    return this.#refusals.apply(this.#missing.choose(deployment, isNative, leaves))
  }

  #prepareOnce(candidate: Candidate): CallOnWire {
    const { defaults } = candidate
    const { facts, body, fields, dialectHeaders, input } = this.#request
    if (this.#request.endpoint !== undefined)
      return prepareEndpoint(this.#request, candidate, this.#providers, (wire) => this.#refusals.apply(wire))
    const deployment = this.#wireOf(candidate, (wire) => this.#isNative(wire))
    const provider = this.#providers[deployment.adapter]
    if (this.#isNative(deployment) && provider.needsTranslation?.(deployment, input.body) !== true) {
      const { stream } = facts
      const { streamForm = 'sse' } = this.#request.codec
      const native = { deployment, body, fields, stream, streamForm, defaults, dialectHeaders }
      return { wire: deployment, call: provider.prepareNative(native) }
    }
    const { request } = this.writeContext()
    // Calls that may have to be corrected are not shown before they are checked: the answer is asked for as a whole.
    const held = request.stream && request.tools.length > 0 && this.#validation.mode() === 'repair'
    return {
      wire: deployment,
      call: this.#translate(deployment, held ? { ...request, stream: false } : request, defaults),
    }
  }

  /** True where an answer is text only, so that one model may go on with what another one began. */
  isStitchable(): boolean {
    if (this.#request.endpoint !== undefined) return false
    try {
      const { outputFormat, count } = this.writeContext().request
      return isStitchable(outputFormat, count)
    } catch {
      return false
    }
  }

  /** Takes over a stream that passed through on this wire, of which `sent` is with the client; undefined where it cannot be read. */
  takeOver(sent: Buffer, wire: Deployment, defaults: Candidate['defaults']): BegunStream | undefined {
    try {
      const context = this.writeContext()
      const reader = this.#prepareModel(wire, context.request, defaults).openReader()
      return takeOver(sent, reader, this.#request.codec, context)
    } catch {
      return undefined
    }
  }

  /** Has this candidate go on with a stream that has begun. @throws GatewayError as `prepare` does */
  prepareRest(given: Candidate, begun: BegunStream, point: ResumePoint): CallOnWire {
    if (given.changes !== undefined) return this.#changedFor(given.changes).prepareRest(asIs(given), begun, point)
    const candidate = inSession(given, this.#request)
    const wire = this.#wireOf(candidate, () => false)
    const request = { ...this.writeContext().request, stream: true }
    const prefills = this.#providers[wire.adapter].continuesFrom?.(wire, request, point.text) ?? false
    const call = this.#prepareModel(wire, continuationRequest(request, point.text, prefills), candidate.defaults)
    return { wire, call: continuedCall(call, begun, point, (answer) => this.#noteStreamed(answer, request.tools)) }
  }

  /**
   * Looks at a complete answer before the client sees it. A native one is read for its tool calls only; one that cannot be
   * read passes as it is.
   */
  inspect(complete: CompleteAnswer, wire: Deployment, defaults: Candidate['defaults']): Inspection {
    const answer = complete.answer ?? this.#readNative(complete.body, wire, defaults)
    if (answer === undefined) return { warnings: [], repair: undefined }
    if (complete.answer !== undefined) this.#remember(answer)
    const { request } = this.writeContext()
    const faults = this.#validation.faultsIn(answer, request.tools)
    const warnings = [...(complete.warnings ?? []), ...faults.map(({ warning }) => warning)]
    if (faults.length === 0 || this.#validation.mode() !== 'repair') return { warnings, repair: undefined }
    try {
      return { warnings, repair: this.#translate(wire, correctRequest(request, answer, faults), defaults) }
    } catch {
      return { warnings, repair: undefined }
    }
  }

  #translate(deployment: Deployment, request: ModelRequest, defaults: Candidate['defaults']): PreparedCall {
    const call = this.#prepareModel(deployment, request, defaults)
    const { tools } = request
    const { codec, facts, input } = this.#request
    const translated = translateCall(call, codec, this.writeContext(), (answer) => this.#noteStreamed(answer, tools))
    return {
      ...translated,
      readFailure: (...answer) => inClientWords(translated.readFailure(...answer), facts.dialect, input.body),
    }
  }

  #noteStreamed(answer: ModelAnswer, tools: ModelRequest['tools']): readonly string[] {
    this.#remember(answer)
    return this.#validation.faultsIn(answer, tools).map(({ warning }) => warning)
  }

  #prepareModel(deployment: Deployment, request: ModelRequest, defaults: Candidate['defaults']): TranslatedCall {
    const provider = this.#providers[deployment.adapter]
    refuseForeignWishes(request, deployment, provider.wire)
    const scope = this.#withoutState ? noScope : scopeOf(deployment)
    return provider.prepareModel({ deployment, request, scope, defaults })
  }

  #readNative(body: Buffer, wire: Deployment, defaults: Candidate['defaults']): ModelAnswer | undefined {
    const { endpoint, fields } = this.#request
    const hasTools = fields.has('tools') || fields.has('functions')
    if (endpoint !== undefined || !hasTools || this.#validation.mode() === 'off') return undefined
    if (!callMarks.some((mark) => body.includes(mark))) return undefined
    try {
      return gatherAnswer(this.#prepareModel(wire, this.writeContext().request, defaults).readAnswer(body))
    } catch {
      return undefined
    }
  }

  #remember(answer: ModelAnswer): void {
    const { facts, caller } = this.#request
    if (facts.dialect === 'chat-completions') this.#reasoning.remember(caller.keyId, answer)
  }

  /** True where the client's own bytes are what this wire is asked in. */
  #isNative(wire: Deployment): boolean {
    const { facts, alwaysTranslated } = this.#request
    // Only a translation can tell state from the rest of the bytes.
    if (this.#withoutState) return false
    return alwaysTranslated !== true && this.#providers[wire.adapter].wire === facts.dialect
  }

  /** Enough to write an error, whatever the request holds: one that passed through may be unreadable to us. */
  errorContext(): WriteContext {
    const { callId, facts, startedAt } = this.#request
    const { dialect, stream } = facts
    const request = this.#read ?? { dialect, stream, turns: [], tools: [], extensions: {}, warnings: [] }
    return { callId, model: facts.model, createdAt: Math.floor(startedAt / 1000), request }
  }

  /** What the client's dialect needs to know to write. @throws GatewayError when the request cannot be read */
  writeContext(): WriteContext {
    const { callId, facts, startedAt } = this.#request
    this.#read ??= this.#readRequest()
    return { callId, model: facts.model, createdAt: Math.floor(startedAt / 1000), request: this.#read }
  }

  #readRequest(): ModelRequest {
    const { codec, input, facts, caller } = this.#request
    const request = codec.readRequest({ ...input, body: this.#body })
    return facts.dialect === 'chat-completions' ? this.#reasoning.recall(caller.keyId, request) : request
  }
}

/** Nobody's: with it no state goes anywhere. */
const noScope: OpaqueScope = 'none'

/** The candidate for a request that is changed already. */
function asIs({ changes: _made, ...candidate }: Candidate): Candidate {
  return candidate
}

/** A request is nothing without these. */
const essentialFields = new Set(['contents', 'input', 'messages', 'model', 'prompt'])

/** What every wire's JSON has where there is a tool call. */
const callMarks = ['"tool_calls"', '"function_call"', '"tool_use"', '"functionCall"']

/** Reasoning state belongs to one wire, place, credential and model; the credential goes in as a digest. */
function scopeOf(deployment: Deployment): OpaqueScope {
  const { adapter, baseUrl, upstreamModel, apiKey } = deployment
  const secret = apiKey.kind === 'value' ? apiKey.secret.reveal() : ''
  const digest = createHash('sha256').update(`${baseUrl}\n${upstreamModel}\n${secret}`).digest('base64url')
  return `${adapter}:${digest.slice(0, 16)}`
}
