import { type Static, Type } from 'typebox'
import { nullable } from './values.ts'

/** One model of a local server, as that server describes it; null = it does not say. */
export const BackendModelViewSchema = Type.Object({
  /** As the server knows it. */
  id: Type.String(),
  /** What clients ask for: `<backend>/<id>`. */
  name: Type.String(),
  /** False for models that only seem to be local: they run in a cloud. */
  local: Type.Boolean(),
  capabilities: nullable(Type.Array(Type.String())),
  /** Tokens. */
  contextWindow: nullable(Type.Integer()),
  /** Tokens: what it is loaded with. */
  loadedContext: nullable(Type.Integer()),
  loaded: nullable(Type.Boolean()),
  sizeBytes: nullable(Type.Number()),
  quantization: nullable(Type.String()),
  parameters: nullable(Type.String()),
})

export const BackendViewSchema = Type.Object({
  name: Type.String(),
  url: Type.String(),
  /** Null for one that only looks like an OpenAI-compatible server. */
  vendor: nullable(Type.String()),
  label: Type.String(),
  state: Type.Union([
    Type.Literal('unknown'),
    Type.Literal('up'),
    Type.Literal('starting'),
    Type.Literal('auth'),
    Type.Literal('failing'),
    Type.Literal('impostor'),
    Type.Literal('down'),
  ]),
  /** A sentence part for every state but `up`. */
  reason: nullable(Type.String()),
  /** What to do about it. */
  remedy: nullable(Type.String()),
  /** False for one that is only offered: its models are not in use. */
  added: Type.Boolean(),
  source: Type.Union([
    Type.Literal('config'),
    Type.Literal('environment'),
    Type.Literal('port'),
    Type.Literal('socket'),
    Type.Literal('remembered'),
  ]),
  network: nullable(Type.Union([Type.Literal('vpn'), Type.Literal('lan'), Type.Literal('any')])),
  version: nullable(Type.String()),
  busy: Type.Boolean(),
  process: nullable(Type.String()),
  /** Why it is believed to be what it is. */
  proofs: Type.Array(Type.String()),
  /** ms since the epoch. */
  lastSeenAt: nullable(Type.Number()),
  /** What it has now: empty unless it is `up`. */
  models: Type.Array(BackendModelViewSchema),
  /** What it had when its models were last read, also before a restart; null while it is `up` and when nothing is known. */
  asLastSeen: nullable(
    Type.Object({
      /** ms since the epoch. */
      at: Type.Number(),
      models: Type.Array(BackendModelViewSchema),
    }),
  ),
})

export type BackendView = Static<typeof BackendViewSchema>

/** `GET /api/backends`, and after everything was asked anew `POST /api/backends/refresh`: named servers in the order of the file, then the others by name. */
export const BackendListSchema = Type.Object({
  /** False when servers of this machine are not looked for (`signalbox.discovery`, `SIGNALBOX_DISCOVER`). */
  discovery: Type.Boolean(),
  backends: Type.Array(BackendViewSchema),
})

export type BackendList = Static<typeof BackendListSchema>
