import type { Deployment } from '../config/gateway-config.ts'

/** Statuses of an endpoint that is not there, as opposed to a request it does not like. */
const absentStatuses = new Set([404, 405])

/**
 * Remembers which wires of a deployment turned out not to be served: a server under some prefix may speak only one of
 * them. Until the next start or edit of the config they are not asked again.
 */
export class MissingWires {
  readonly #missing = new Set<string>()

  /** The wire to use: one that needs no translation, else the first that is not known to be missing. */
  choose(deployment: Deployment, isNative: (wire: Deployment) => boolean): Deployment {
    if (deployment.alternatives.length === 0) return deployment
    const served = [deployment, ...deployment.alternatives].filter((wire) => !this.#missing.has(keyOf(wire)))
    return served.find(isNative) ?? served[0] ?? deployment
  }

  /** True when the failure means that this wire is not there and another one is left to try; it is remembered. */
  note(deployment: Deployment, wire: Deployment, status: number | null): boolean {
    if (status === null || !absentStatuses.has(status)) return false
    const others = [deployment, ...deployment.alternatives].filter((other) => other.adapter !== wire.adapter)
    if (!others.some((other) => !this.#missing.has(keyOf(other)))) return false
    this.#missing.add(keyOf(wire))
    return true
  }
}

function keyOf(wire: Deployment): string {
  return `${wire.id} ${wire.adapter} ${wire.baseUrl}`
}
