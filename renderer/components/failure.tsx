import { ControlError } from '../../gateway/contract/control-client.ts'
import { strings } from '../strings.ts'

/** Why a call of the control API did not work, as the end of a sentence. */
export function failureReason(error: unknown): string {
  return error instanceof ControlError ? error.message : strings.noAnswer
}

export interface RequestFailureProps {
  readonly text: string
  readonly onAgain: () => void
}

/** What could not be read, and the one thing to do about it. */
export function RequestFailure({ text, onAgain }: RequestFailureProps) {
  return (
    <div className="failure" role="alert">
      <p>{text}</p>
      <button type="button" className="button" onClick={onAgain}>
        {strings.again}
      </button>
    </div>
  )
}
