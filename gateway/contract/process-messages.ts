/** What the gateway process tells the process that forked it, and the one thing it is told. */
export type GatewayProcessMessage =
  | { readonly type: 'listening'; readonly url: string; readonly controlToken: string }
  | { readonly type: 'failed'; readonly exitCode: number; readonly message: string }
  | { readonly type: 'stopped' }

export type GatewayProcessCommand = { readonly type: 'stop'; readonly graceMs: number }

/** Exit codes of the gateway process: part of the contract with scripts. */
export const exitCodes = { ok: 0, crash: 1, badConfig: 2, portTaken: 3 } as const
