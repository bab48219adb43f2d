import type { Deployment } from '../config/gateway-config.ts'
import type { GatewayError } from '../model/errors.ts'
import type { PreparedCall } from '../providers/provider.ts'
import { mayBeLeftOut, readFieldRefusal, withDropHint } from './field-refusal.ts'
import { RefusedFields, refusing } from './refused-fields.ts'

/** What one request learns from refusals, and what earlier ones have learned for it. */
export class RefusalMemory {
  readonly #known: RefusedFields
  readonly #dropParams: () => boolean
  /** Fields whose value alone was refused: the next request's may be fine. */
  #ofThisRequest: RefusedFields | undefined

  constructor(known: RefusedFields, dropParams: () => boolean) {
    this.#known = known
    this.#dropParams = dropParams
  }

  /** The wire with what it is known to refuse, where that may be left out. */
  apply(wire: Deployment): Deployment {
    const known = [...this.#known.of(wire)].filter((field) => this.#mayDrop(field))
    return refusing(wire, [...known, ...(this.#ofThisRequest?.of(wire) ?? [])])
  }

  /** True when the wire refused a field by its name that may be left out and was not yet: the call is then worth another try. */
  learn(wire: Deployment, error: GatewayError): boolean {
    const refusal = readFieldRefusal(error)
    if (refusal === undefined || !mayBeLeftOut(refusal.field) || !this.#mayDrop(refusal.field)) return false
    if (wire.refusedFields.includes(refusal.field)) return false
    if (refusal.ofValue) {
      this.#ofThisRequest ??= new RefusedFields()
      this.#ofThisRequest.note(wire, refusal.field)
    } else this.#known.note(wire, refusal.field)
    return true
  }

  /** The call, whose refusals say what the owner can do about them. */
  explain(call: PreparedCall): PreparedCall {
    if (this.#dropParams()) return call
    return {
      ...call,
      readFailure: (status, headers, body) => {
        const error = call.readFailure(status, headers, body)
        const refusal = readFieldRefusal(error)
        return refusal === undefined || !mayBeLeftOut(refusal.field) ? error : withDropHint(error, refusal)
      },
    }
  }

  /** The wish for usage in a stream is the gateway's own: nobody has to allow that it is left out. */
  #mayDrop(field: string): boolean {
    return field === 'stream_options' || this.#dropParams()
  }
}
