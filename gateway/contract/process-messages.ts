/** What the gateway process tells the process that forked it, and the one thing it is told. */
export type GatewayProcessMessage =
  | { readonly type: 'listening'; readonly url: string; readonly controlToken: string }
  | {
      readonly type: 'failed'
      readonly exitCode: number
      readonly message: string
      /** With exit code 3. */
      readonly port?: TakenPort
    }
  | { readonly type: 'stopped' }

/** A port that somebody else listens on. `holder`: null where the system does not tell, or does not tell this user. */
export interface TakenPort {
  readonly host: string
  readonly port: number
  readonly holder: { readonly pid: number; readonly name: string } | null
  /** The nearest higher port that was free a moment ago; null = none of the next hundred. */
  readonly nextFree: number | null
}

export type GatewayProcessCommand = { readonly type: 'stop'; readonly graceMs: number }

/** Exit codes of the gateway process: part of the contract with scripts. */
export const exitCodes = { ok: 0, crash: 1, badConfig: 2, portTaken: 3 } as const
