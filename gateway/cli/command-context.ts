import type { GatewayPaths } from '../process/paths.ts'

/** What every command gets. Commands print through it and touch neither `process` nor `console`. */
export interface CommandContext {
  readonly paths: GatewayPaths
  /** For scripts: JSON on standard output instead of text. */
  readonly json: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingDirectory: string
  /** Prints a line to standard output and waits while its reader is busy. */
  readonly print: (line: string) => Promise<void>
  /** Prints a line to standard error. */
  readonly note: (line: string) => void
}

/** Gives the exit code; throws CommandFailure, ControlError or GatewayError for a failure with a sentence of its own. */
export type CommandResult = Promise<number>
