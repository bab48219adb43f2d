import { exitCodes } from '../contract/process-messages.ts'
import type { ConfigProblem } from '../contract/status.ts'
import { ListenError } from '../http/listen-error.ts'
import { GatewayError } from '../model/errors.ts'

export interface StartFailure {
  readonly exitCode: number
  readonly kind: 'config' | 'port' | 'other'
  /** The port that is taken, when the error tells it. */
  readonly port: number | undefined
}

const longestChain = 5

/** Sorts why a start failed: the exit code is a contract with scripts. A config with errors wins over what they led to. */
export function sortStartFailure(thrown: unknown, problems: readonly ConfigProblem[]): StartFailure {
  if (problems.some((problem) => problem.severity === 'error')) {
    return { exitCode: exitCodes.badConfig, kind: 'config', port: undefined }
  }
  const taken = findAddressInUse(thrown)
  if (taken !== undefined) return { exitCode: exitCodes.portTaken, kind: 'port', port: taken.port }
  return { exitCode: exitCodes.crash, kind: 'other', port: undefined }
}

/** Looks along the causes for the error of listen(2). */
function findAddressInUse(thrown: unknown): { port: number | undefined } | undefined {
  let error: unknown = thrown
  for (let depth = 0; depth < longestChain && error instanceof Error; depth += 1) {
    const { code, port } = error as { code?: unknown; port?: unknown }
    if (code === 'EADDRINUSE') return { port: typeof port === 'number' ? port : undefined }
    error = error.cause
  }
  return undefined
}

/** The sentence for a start that failed for any other reason. `logPath` where there is a log by then. */
export function failureSentence(thrown: unknown, logPath?: string): string {
  if (thrown instanceof GatewayError || thrown instanceof ListenError) return thrown.message
  const { code, message } = (thrown ?? {}) as { code?: unknown; message?: unknown }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `The gateway cannot start: ${String(message)}. Check who may read and write there.`
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return `The gateway cannot start: a file stands where a folder is wanted (${String(message)}). Name another place with --data-dir.`
  }
  const details = logPath === undefined ? '' : ` The log has the details: ${logPath}`
  return `The gateway could not start: ${typeof message === 'string' ? message : 'unknown error'}.${details}`
}
