import { type Static, Type } from 'typebox'
import { backendVendors } from '../providers/backend-names.ts'

const fields = {
  /** The server's address, such as `http://gpu-node:11434`. */
  url: Type.Optional(Type.String({ minLength: 1 })),
  /** A host alone: the usual ports of the known servers are looked at, or that of `vendor`. */
  host: Type.Optional(Type.String({ minLength: 1 })),
  vendor: Type.Optional(Type.Union(backendVendors.map((vendor) => Type.Literal(vendor)))),
  api_key: Type.Optional(Type.String({ secret: true, unresolved: true })),
  network: Type.Optional(Type.Union([Type.Literal('vpn'), Type.Literal('lan'), Type.Literal('any')])),
  enabled: Type.Optional(Type.Boolean()),
}

export const BackendEntrySchema = Type.Object(fields)

export const NamedBackendEntrySchema = Type.Object({ name: Type.String({ minLength: 1 }), ...fields })

export type BackendEntry = Static<typeof BackendEntrySchema>

/** `backends`: a block by name (an address, or a block), or a list of blocks with `name`. */
export const BackendsSchema = Type.Union([
  Type.Record(Type.String(), Type.Union([Type.String({ minLength: 1 }), BackendEntrySchema])),
  Type.Array(NamedBackendEntrySchema),
])
