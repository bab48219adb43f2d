import { describeChanges } from '../../state/router-changes.ts'
import {
  editedRouter,
  hasAnyModel,
  type RouterEdits,
  type SavedRouter,
  unreadableWeights,
} from '../../state/router-edits.ts'
import type { RouterEditor } from '../../state/use-router-editor.ts'
import { strings } from '../../strings.ts'

const words = strings.routerEditor.bar
const common = strings.configEdit

export interface RouterChangesProps {
  readonly saved: SavedRouter
  readonly edits: RouterEdits
  readonly editor: RouterEditor
  readonly offline: boolean
  readonly onRevert: () => void
}

/** What is not saved yet, in words, and the two things to do about it. Its height is kept, so that nothing moves. */
export function RouterChanges({ saved, edits, editor, offline, onRevert }: RouterChangesProps) {
  const changes = describeChanges(saved, edits)
  const unreadable = unreadableWeights(edits)
  const empty = !hasAnyModel(editedRouter(saved, edits))
  const { outcome } = editor
  const dirty = changes.length > 0
  const save = () => {
    if (unreadable.length > 0) document.querySelector<HTMLElement>('.weight-field[aria-invalid="true"]')?.focus()
    else if (!empty) editor.save(edits)
  }
  const said =
    offline && dirty
      ? common.offline
      : empty
        ? words.noModel
        : outcome?.kind === 'saved'
          ? words.saved
          : outcome?.kind === 'conflict'
            ? words.conflict
            : outcome?.text
  const failed = said !== undefined && said !== words.saved && !(offline && dirty)
  return (
    <footer className={dirty || said !== undefined ? 'router-changes' : 'router-changes router-changes-idle'}>
      <div className="router-change-words">
        {dirty && (
          <p>
            <strong>{words.changes(changes.length)}</strong>
            <span className="quiet change-list" title={changes.join('\n')}>
              {changes.join(', ')}
            </span>
          </p>
        )}
        <output className={failed ? 'field-error' : 'under'}>{said}</output>
      </div>
      {outcome?.kind === 'conflict' && (
        <button type="button" className="button" disabled={offline} onClick={editor.readAgain}>
          {words.readAgain}
        </button>
      )}
      {dirty && (
        <>
          <button type="button" className="button" onClick={onRevert}>
            {common.revert}
          </button>
          <button
            type="button"
            className="button button-primary"
            disabled={offline || editor.saving || empty}
            onClick={save}
          >
            {editor.saving ? words.saving : common.save}
          </button>
        </>
      )}
    </footer>
  )
}
