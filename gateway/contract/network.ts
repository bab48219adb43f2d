import { type Static, Type } from 'typebox'
import { nullable, TierSchema } from './values.ts'

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
  /** ms since the epoch when it came into this state; null = before anything was known. */
  since: nullable(Type.Number()),
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

/** The end of a line: this machine's own servers, one host, or the providers on the internet. */
const PathEndSchema = Type.Object({
  kind: Type.Union([Type.Literal('local'), Type.Literal('host'), Type.Literal('internet')]),
  /** The host, of an address the backends' names; `Local servers` and `Internet` for the other two. */
  name: Type.String(),
  address: nullable(Type.String()),
  /** `unknown` for the internet until a provider has answered on the way of now. */
  state: ReachStateSchema,
  /** ms since the epoch when it came into this state; null = not known. */
  since: nullable(Type.Number()),
  /** Servers (`Ollama`, `llama.cpp`) or providers that are there, in the order of the config; else the models that lead there. */
  serves: Type.Array(Type.String()),
})

/** One line of the diagram: from this machine through an interface to what is reached over it. */
export const NetworkPathSchema = Type.Object({
  kind: Type.Union([
    Type.Literal('loopback'),
    Type.Literal('lan'),
    Type.Literal('tunnel'),
    Type.Literal('virtual'),
    /** No way, and none that was learned. */
    Type.Literal('unknown'),
  ]),
  /** Its name; of a way that is lost the one that was learned; null = not known. */
  interface: nullable(Type.String()),
  /** The tunnel's make; null = no tunnel. */
  tunnel: nullable(Type.String()),
  /** The first hop: `lost` has no way or another one than was learned, `stalled` has one that passes nothing. */
  state: Type.Union([Type.Literal('up'), Type.Literal('lost'), Type.Literal('stalled')]),
  /** ms since the epoch when it was lost or stalled; null while it is up. */
  since: nullable(Type.Number()),
  ends: Type.Array(PathEndSchema),
})

/** What answers in a tier whose first model is on a host that cannot be reached. */
export const StandInSchema = Type.Object({
  router: Type.String(),
  tier: TierSchema,
  /** The model that would have the tier. */
  insteadOf: Type.String(),
  /** The model that answers now; null = none of the tier. */
  model: nullable(Type.String()),
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
  /** This machine, where all lines begin. */
  machine: Type.Object({
    name: Type.String(),
    /** The own address on the way to the internet, else any other but loopback; null = none. */
    address: nullable(Type.String()),
  }),
  /** Lines of the diagram: loopback, the way to the internet, then in the order of the hosts. */
  paths: Type.Array(NetworkPathSchema),
  /** What happens until the lost hosts are back; empty when none is lost or none is first in a tier. */
  standIns: Type.Array(StandInSchema),
  /** Named hosts and hosts of models on inner networks, in the order of the config. */
  hosts: Type.Array(NetworkHostSchema),
  interfaces: Type.Array(NetworkInterfaceSchema),
  /** What tells of changes: `ip monitor`, `route monitor`, `NetworkChange` or `polling`. */
  source: Type.String(),
})

export type NetworkView = Static<typeof NetworkViewSchema>
export type NetworkPathView = Static<typeof NetworkPathSchema>
export type StandInView = Static<typeof StandInSchema>
export type NetworkHostView = Static<typeof NetworkHostSchema>
