import { exitCodes } from '../contract/process-messages.ts'

/** Ends a command with a sentence on standard error and an exit code that is not 0. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitCodes.crash) {
    super(message)
    this.exitCode = exitCode
  }
}
