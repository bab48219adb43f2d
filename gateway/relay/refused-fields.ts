import type { Deployment } from '../config/gateway-config.ts'

/** Bounds of the memory: wires of deployments, and fields of each. The first ones known make room. */
const mostWires = 2_000
const mostFields = 32

/**
 * Remembers, until the next start, which fields the wires of deployments have refused by name, so that only the first
 * request pays for finding out.
 */
export class RefusedFields {
  readonly #byWire = new Map<string, Set<string>>()

  note(wire: Deployment, field: string): void {
    const key = keyOf(wire)
    const fields = this.#byWire.get(key) ?? new Set()
    fields.add(field)
    dropFirst(fields, mostFields)
    this.#byWire.set(key, fields)
    dropFirst(this.#byWire, mostWires)
  }

  of(wire: Deployment): ReadonlySet<string> {
    return this.#byWire.size === 0 ? none : (this.#byWire.get(keyOf(wire)) ?? none)
  }
}

const none: ReadonlySet<string> = new Set()

function dropFirst(collection: Set<string> | Map<string, unknown>, most: number): void {
  if (collection.size <= most) return
  const [first] = collection.keys()
  if (first !== undefined) collection.delete(first)
}

/** The wire as one that is known to refuse these fields too; itself where there are none. */
export function refusing(wire: Deployment, fields: readonly string[]): Deployment {
  if (fields.length === 0) return wire
  return {
    ...wire,
    refusedFields: [...new Set([...wire.refusedFields, ...fields])],
    // Not the client's wish but ours, in every stream.
    acceptsStreamOptions: wire.acceptsStreamOptions && !fields.includes('stream_options'),
  }
}

function keyOf(wire: Deployment): string {
  return `${wire.id} ${wire.adapter} ${wire.baseUrl}`
}
