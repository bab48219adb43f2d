import { type Static, Type } from 'typebox'
import { nullable } from './values.ts'

const ReachStateSchema = Type.Union([
  Type.Literal('unknown'),
  Type.Literal('up'),
  Type.Literal('path_lost'),
  Type.Literal('path_stalled'),
  Type.Literal('host_down'),
  Type.Literal('service_down'),
  Type.Literal('starting'),
  Type.Literal('busy'),
  Type.Literal('auth'),
  Type.Literal('impostor'),
])

const NetworkKindSchema = Type.Union([Type.Literal('vpn'), Type.Literal('lan'), Type.Literal('any')])

/** One server on a host that is followed. */
export const HostServiceSchema = Type.Object({
  /** Names of the backend and the models that use it. */
  usedBy: Type.Array(Type.String()),
  port: Type.Integer(),
  state: ReachStateSchema,
})

/** One host whose path is followed. */
export const NetworkHostSchema = Type.Object({
  host: Type.String(),
  /** Its IP address; null while the name is not known. */
  address: nullable(Type.String()),
  state: ReachStateSchema,
  /** One sentence part for every state but `up`: `VPN off: reconnect to use gpu-node`. */
  reason: nullable(Type.String()),
  /** What to do about it. */
  remedy: nullable(Type.String()),
  /** Over what it is reached: the user's word, else what was learned; null = not known yet. */
  network: nullable(NetworkKindSchema),
  networkSource: nullable(Type.Union([Type.Literal('config'), Type.Literal('learned')])),
  /** The way that the system would send packets now; null = none. */
  path: nullable(
    Type.Object({
      source: Type.String(),
      interface: nullable(Type.String()),
      /** The tunnel's make; null = no tunnel. */
      tunnel: nullable(Type.String()),
    }),
  ),
  /** ms since the epoch of the last connection; null = none since the start. */
  lastUpAt: nullable(Type.Number()),
  services: Type.Array(HostServiceSchema),
})

export const NetworkInterfaceSchema = Type.Object({
  name: Type.String(),
  kind: Type.Union([Type.Literal('loopback'), Type.Literal('tunnel'), Type.Literal('virtual'), Type.Literal('lan')]),
  /** The tunnel's make; null = no tunnel. */
  tunnel: nullable(Type.String()),
  addresses: Type.Array(Type.String()),
  /** False when nobody is at its other end; null = not known. */
  carrier: nullable(Type.Boolean()),
  /** Hosts that are reached over it now. */
  hosts: Type.Array(Type.String()),
})

/** `GET /api/network`. */
export const NetworkViewSchema = Type.Object({
  vpn: Type.Object({
    /** `not_needed`: no host that is followed needs one, as far as is known. */
    state: Type.Union([Type.Literal('not_needed'), Type.Literal('on'), Type.Literal('off'), Type.Literal('stalled')]),
    /** What to do, in one sentence; null when there is nothing. */
    sentence: nullable(Type.String()),
    /** Hosts that need it. */
    neededBy: Type.Array(Type.String()),
  }),
  /** Named hosts and hosts of models on inner networks, in the order of the config. */
  hosts: Type.Array(NetworkHostSchema),
  interfaces: Type.Array(NetworkInterfaceSchema),
  /** What tells of changes: `ip monitor`, `route monitor`, `NetworkChange` or `polling`. */
  source: Type.String(),
})

export type NetworkView = Static<typeof NetworkViewSchema>
export type NetworkHostView = Static<typeof NetworkHostSchema>
