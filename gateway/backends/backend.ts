import type { KeyReference, NamedBackend } from '../config/gateway-config.ts'
import type { BackendVendor } from '../config/providers/backend-names.ts'
import type { BackendModel } from './inventory/inventory.ts'

/**
 * `up` answers; `starting` loads its model; `auth` wants a key; `failing` answers with errors; `impostor` is another kind of
 * server than it was or was said to be; `down` gives no connection; `unknown` was not asked yet.
 */
export type BackendState = 'unknown' | 'up' | 'starting' | 'auth' | 'failing' | 'impostor' | 'down'

/** How a server came to be known. */
export type BackendSource = 'config' | 'environment' | 'port' | 'socket' | 'remembered'

/** One server at one moment: immutable, so that whoever has it can keep it. */
export interface Backend {
  /** What stands before the slash of its models. */
  readonly name: string
  /** Scheme, host and port, with the path under which it lives. */
  readonly url: string
  /** Undefined for one that only looks like an OpenAI-compatible server. */
  readonly vendor: BackendVendor | undefined
  /** The vendor as people write it. */
  readonly label: string
  readonly state: BackendState
  /** A sentence part for every state but `up`: `does not run: nobody listens at 127.0.0.1:11434`. */
  readonly reason: string | undefined
  /** False for one that is only offered: nobody named it and nothing proves what it is. */
  readonly added: boolean
  readonly source: BackendSource
  readonly version: string | undefined
  readonly busy: boolean
  readonly models: readonly BackendModel[]
  /** What it had when its models were last read; undefined = never. */
  readonly lastRead: LastRead | undefined
  /** Why it is believed to be what it is. */
  readonly proofs: readonly string[]
  readonly process: string | undefined
  /** ms since the epoch; undefined = never answered. */
  readonly lastSeenAt: number | undefined
  readonly network: NamedBackend['network']
  readonly apiKey: KeyReference
  /** Base of its OpenAI-compatible API. */
  readonly openAiBase: string
}

/** The models of a server as they were at one moment. */
export interface LastRead {
  /** ms since the epoch. */
  readonly at: number
  readonly models: readonly BackendModel[]
}

/** Facts of a server that outlive a restart. */
export interface RememberedBackend {
  readonly url: string
  readonly name: string
  /** Undefined only for one that the config names and that did not say what it is. */
  readonly vendor: BackendVendor | undefined
  /** ms since the epoch. */
  readonly lastSeenAt: number
  readonly lastRead?: LastRead | undefined
  /** True for one that the config names: it is followed only while it does. */
  readonly isNamed?: boolean
}

/** Where earlier seen servers are kept between runs. Must not throw. */
export interface BackendMemory {
  load(): Promise<readonly RememberedBackend[]>
  save(backends: readonly RememberedBackend[]): void
}
