import type { Deployment } from '../config/gateway-config.ts'
import type { GatewayError } from '../model/errors.ts'

/** Statuses of an endpoint that is not there, as opposed to a request it does not like. */
const absentStatuses = new Set([404, 405])

/**
 * Remembers which wires of a deployment are served: a server under some prefix may speak only one of them. A wire that
 * turned out to be missing is not asked again until the next start; one that has answered is never taken for missing.
 */
export class MissingWires {
  readonly #missing = new Set<string>()
  readonly #proven = new Set<string>()

  /**
   * The wire to use: one that passes the client's bytes through, else the first that is not known to be missing. Chat
   * completions are no reason to leave the preferred wire: a vendor's compatibility endpoint loses what its own API keeps.
   * A wire that `leavesToOthers` counts only where it is the last one.
   */
  choose(
    deployment: Deployment,
    isNative: (wire: Deployment) => boolean,
    leavesToOthers: (wire: Deployment) => boolean = () => false,
  ): Deployment {
    if (deployment.alternatives.length === 0) return deployment
    const there = [deployment, ...deployment.alternatives].filter((wire) => !this.#missing.has(keyOf(wire)))
    const able = there.filter((wire) => !leavesToOthers(wire))
    const served = able.length === 0 ? there : able
    const native = served.find((wire) => isNative(wire) && wire.adapter !== 'openai-compatible')
    return native ?? served[0] ?? deployment
  }

  /** This wire of the deployment has answered. */
  prove(deployment: Deployment, wire: Deployment | undefined): void {
    if (wire !== undefined && deployment.alternatives.length > 0) this.#proven.add(keyOf(wire))
  }

  /** True when the failure means that this wire is not there and another one is left to try; it is remembered. */
  note(deployment: Deployment, wire: Deployment, status: number | null, error: GatewayError): boolean {
    if (deployment.alternatives.length === 0 || this.#proven.has(keyOf(wire)) || !looksAbsent(status, error))
      return false
    const wires = [deployment, ...deployment.alternatives]
    if (!wires.some((other) => other.adapter !== wire.adapter && !this.#missing.has(keyOf(other)))) {
      // No wire at all means that something else is missing, such as the model: nothing is held against the wires.
      for (const other of wires) this.#missing.delete(keyOf(other))
      return false
    }
    this.#missing.add(keyOf(wire))
    return true
  }
}

/** No such path, or an answer of another wire in place of this one's. */
function looksAbsent(status: number | null, error: GatewayError): boolean {
  if (status === null) return false
  if (absentStatuses.has(status)) return true
  return status < 300 && (error.code === 'upstream_invalid_answer' || error.code === 'upstream_stream_cut')
}

function keyOf(wire: Deployment): string {
  return `${wire.id} ${wire.adapter} ${wire.baseUrl}`
}
