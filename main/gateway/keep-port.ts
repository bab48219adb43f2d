import type { ControlClient } from '../../gateway/contract/control-client.ts'
import type { Logger } from '../logger.ts'
import type { SupervisorState } from './supervisor-state.ts'

export interface KeepPortOptions {
  readonly control: () => Pick<ControlClient, 'config' | 'editConfig'> | undefined
  readonly logger: Logger
  /** The config file has it now: nothing need be given to the next start. */
  readonly onKept: () => void
  /** It could not be written: a sentence. */
  readonly onFailure: (sentence: string) => void
}

/**
 * Writes a port that a person chose in place of a taken one into the config file, once a gateway listens there: agents
 * are told this port, so that it must hold for the next start too. Gives a listener of the supervisor's states.
 */
export function createPortKeeper({ control, logger, onKept, onFailure }: KeepPortOptions) {
  const keep = async (port: number) => {
    const client = control()
    if (client === undefined) return
    try {
      const { revision } = await client.config()
      const edits = [{ op: 'set' as const, path: ['signalbox', 'port'], value: port }]
      const { written, problems } = await client.editConfig({ revision, edits })
      if (!written)
        throw new Error(problems.find(({ severity }) => severity === 'error')?.message ?? 'The file was refused.')
      logger.info('port-kept', { port })
      onKept()
    } catch (error) {
      logger.warn('port-not-kept', { port })
      onFailure(
        `Port ${port} is used until Signalbox quits. Write it into the config file (signalbox.port) to keep it: ${(error as Error).message}`,
      )
    }
  }
  return (state: SupervisorState, chosenPort: number | undefined): void => {
    if (state.phase !== 'running' || chosenPort === undefined) return
    if (new URL(state.url).port === String(chosenPort)) void keep(chosenPort)
  }
}
