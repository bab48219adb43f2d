import { createHash } from 'node:crypto'
import type { Deployment } from '../config/gateway-config.ts'
import type { WriteContext } from '../dialects/codec.ts'
import { GatewayError } from '../model/errors.ts'
import type { ModelRequest } from '../model/model-request.ts'
import type { OpaqueScope } from '../model/parts.ts'
import type { PreparedCall } from '../providers/provider.ts'
import type { ProviderRegistry } from '../providers/registry.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { MissingWires } from './missing-wires.ts'
import type { RelayRequest } from './relay-request.ts'
import { translateCall } from './translate-call.ts'

/** A call, and the wire of the deployment that it uses. */
export interface CallOnWire {
  readonly wire: Deployment
  readonly call: PreparedCall
}

/**
 * Makes a request ready for one candidate after the other: the client's own bytes where the upstream speaks its dialect,
 * else a translation. The request is read to canonical form once, and only when a translation needs it.
 */
export class CallPreparer {
  readonly #request: RelayRequest
  readonly #providers: ProviderRegistry
  readonly #missing: MissingWires
  #read: ModelRequest | undefined

  constructor(request: RelayRequest, providers: ProviderRegistry, missing: MissingWires) {
    this.#missing = missing
    this.#request = request
    this.#providers = providers
  }

  /** @throws GatewayError when this upstream cannot carry the request */
  prepare(candidate: Candidate): CallOnWire {
    const { defaults } = candidate
    const { facts, body, fields, dialectHeaders } = this.#request
    if (this.#request.endpoint !== undefined) return this.#prepareEndpoint(this.#request.endpoint, candidate)
    const deployment = this.#missing.choose(candidate.deployment, (wire) => this.#isNative(wire))
    const provider = this.#providers[deployment.adapter]
    if (this.#isNative(deployment)) {
      const { stream } = facts
      return {
        wire: deployment,
        call: provider.prepareNative({ deployment, body, fields, stream, defaults, dialectHeaders }),
      }
    }
    const context = this.writeContext()
    const call = provider.prepareModel({ deployment, request: context.request, scope: scopeOf(deployment), defaults })
    return { wire: deployment, call: translateCall(call, this.#request.codec, context) }
  }

  /** True where the client's own bytes are what this wire is asked in. */
  #isNative(wire: Deployment): boolean {
    const { facts, alwaysTranslated } = this.#request
    return alwaysTranslated !== true && this.#providers[wire.adapter].wire === facts.dialect
  }

  #prepareEndpoint(path: string, { deployment, defaults }: Candidate): CallOnWire {
    const { facts, body, fields, dialectHeaders } = this.#request
    const wires = [deployment, ...deployment.alternatives]
    for (const wire of wires) {
      const call = this.#providers[wire.adapter].prepareEndpoint?.({
        deployment: wire,
        body,
        fields,
        stream: facts.stream,
        defaults,
        dialectHeaders,
        path,
      })
      if (call !== undefined) return { wire, call }
    }
    throw new GatewayError(
      'unsupported_model',
      `${facts.model} is a model of ${deployment.provider}, whose API has no ${path}. Ask a model of an OpenAI-compatible provider.`,
      { param: 'model' },
    )
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
    this.#read ??= this.#request.codec.readRequest(this.#request.input)
    return { callId, model: facts.model, createdAt: Math.floor(startedAt / 1000), request: this.#read }
  }
}

/** Reasoning state belongs to one wire, place, credential and model; the credential goes in as a digest. */
function scopeOf(deployment: Deployment): OpaqueScope {
  const { adapter, baseUrl, upstreamModel, apiKey } = deployment
  const secret = apiKey.kind === 'value' ? apiKey.secret.reveal() : ''
  const digest = createHash('sha256').update(`${baseUrl}\n${upstreamModel}\n${secret}`).digest('base64url')
  return `${adapter}:${digest.slice(0, 16)}`
}
