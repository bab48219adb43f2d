import { strings } from '../strings.ts'

const words = strings.configEdit

export interface ChangeBarProps {
  /** The changes in words. */
  readonly summary: string
  /** Why they were not written. */
  readonly problem: string | undefined
  readonly offline: boolean
  readonly pending: boolean
  readonly onRevert: () => void
  readonly onSave: () => void
}

/** Changes that are not written yet, gathered at the foot of a page. */
export function ChangeBar({ summary, problem, offline, pending, onRevert, onSave }: ChangeBarProps) {
  return (
    <footer className="change-bar">
      <output className={problem !== undefined && !offline ? 'field-error change-words' : 'change-words'}>
        {offline ? words.offline : (problem ?? summary)}
      </output>
      <button type="button" className="button" disabled={pending} onClick={onRevert}>
        {words.revert}
      </button>
      <button type="button" className="button button-primary" disabled={offline || pending} onClick={onSave}>
        {words.save}
      </button>
    </footer>
  )
}
