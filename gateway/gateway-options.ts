import type { ConfigProblem, GatewayStatus } from './contract/status.ts'
import type { Logger } from './logging/logger.ts'
import type { SecretStore } from './secrets/secret-store.ts'

/** What a gateway is built from. Paths are absolute. */
export interface GatewayOptions {
  readonly configPath: string
  /** Exists already, mode 0700, and is locked by this process (`gateway.json`). */
  readonly dataDir: string
  /** Wins over the config file; 0 takes any free port. */
  readonly port?: number
  /** Wins over the config file. */
  readonly host?: string
  readonly version: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly secretStore: SecretStore
  readonly logger: Logger
  /** Folder of the built interface; undefined when there is none. */
  readonly uiDirectory: string | undefined
  /** False when the environment forbids looking for local servers; a list limits the look to these ports of this machine. */
  readonly discovery: boolean | readonly number[]
}

export interface StartedGateway {
  /** `http://127.0.0.1:4000`. */
  readonly url: string
  readonly port: number
  /** The interface's address with a one-time code in its fragment. */
  readonly uiLink: string
  readonly controlToken: string
}

export interface Gateway {
  /**
   * Reads the config and listens. Rejects when the config has errors (then `problems()` holds them) and with an error
   * whose `code` is `EADDRINUSE` when the port is taken; what was opened by then is closed again.
   */
  start(): Promise<StartedGateway>
  /** Refuses new requests, waits `graceMs` for running ones, ends the rest, closes everything. */
  stop(graceMs: number): Promise<void>
  status(): Promise<GatewayStatus>
  /** Of the last reading of the config file. */
  problems(): readonly ConfigProblem[]
}
