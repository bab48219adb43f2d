import { Command, CommanderError } from 'commander'
import { ControlError } from '../contract/control-client.ts'
import { exitCodes } from '../contract/process-messages.ts'
import { printError } from '../logging/terminal.ts'
import { GatewayError } from '../model/errors.ts'
import { findInstallation } from '../process/installation.ts'
import { CommandFailure } from './command-failure.ts'
import { addCommands } from './commands.ts'

/**
 * Runs `signalbox <command>` and gives its exit code: 0 only on success, 2 for a bad config, 1 for everything else.
 * Failures are one sentence on standard error.
 */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  // The gateway reads its own flags, LiteLLM's among them: they are not commander's business.
  if (argv[0] === 'serve') {
    const { runGateway } = await import('../process/run-gateway.ts')
    return runGateway(argv.slice(1))
  }
  let exitCode: number = exitCodes.ok
  const program = new Command('signalbox')
    .description('One endpoint, one key, every model: the gateway and its commands.')
    .version(findInstallation().version, '-v, --version')
    .exitOverride()
    .configureOutput({ writeErr: (text) => printError(text.replace(/^error: /, '').trimEnd()) })
    .showSuggestionAfterError()
  addCommands(program, (code) => {
    exitCode = code
  })
  process.stdout.on('error', endOnClosedPipe)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    return reportFailure(error)
  }
}

/** `… | head -1` has read what it wanted: that is no failure. */
function endOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCodes.ok)
}

function reportFailure(error: unknown): number {
  // Commander has printed its own sentence, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode
  if (error instanceof CommandFailure) {
    printError(error.message)
    return error.exitCode
  }
  if (error instanceof ControlError || error instanceof GatewayError) printError(error.message)
  else printError(`The command failed: ${error instanceof Error ? error.message : 'unknown reason'}`)
  return exitCodes.crash
}
