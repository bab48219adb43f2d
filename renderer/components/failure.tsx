import { strings } from '../strings.ts'

export { failureReason } from '../state/failure-reason.ts'

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
