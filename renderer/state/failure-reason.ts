import { ControlError } from '../../gateway/contract/control-client.ts'
import { strings } from '../strings.ts'

/** Why a call of the control API did not work, as the end of a sentence. */
export function failureReason(error: unknown): string {
  return error instanceof ControlError ? error.message : strings.noAnswer
}
