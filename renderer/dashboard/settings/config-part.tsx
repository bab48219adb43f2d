import { useId, useRef } from 'react'
import { RequestFailure, failureReason } from '../../components/failure.tsx'
import { offsetOf, shownInEditor, withNearest } from '../../state/config-draft.ts'
import { desktopBridge } from '../../state/desktop-bridge.ts'
import { useConfigDraft } from '../../state/use-config-draft.ts'
import { strings } from '../../strings.ts'
import { ConfigProblems } from './config-problems.tsx'

const words = strings.settingsPage.config

/** The config file as text, with its problems at their lines. Saving never loses an edit, neither this one nor another. */
export function ConfigPart() {
  const draft = useConfigDraft()
  const id = useId()
  const area = useRef<HTMLTextAreaElement>(null)
  const { file, text, offline } = draft
  if (file.isError && file.data === undefined) {
    return <RequestFailure text={words.failed(failureReason(file.error))} onAgain={() => void file.refetch()} />
  }
  if (file.data === undefined) return <div className="card card-waiting still" />
  const shown = shownInEditor(draft.problems)
  const errors = shown.filter(({ severity }) => severity === 'error').length
  const goTo = (line: number, column: number) => {
    const place = offsetOf(text, line, column)
    area.current?.focus()
    area.current?.setSelectionRange(place, place)
  }
  const bridge = desktopBridge()
  return (
    <div className="config-part">
      <div className="config-path">
        <code className="breakable">{file.data.path}</code>
        {bridge !== undefined && (
          <button type="button" className="button button-small" onClick={() => bridge.reveal('config')}>
            {words.open}
          </button>
        )}
      </div>
      <ConfigProblems
        text={text}
        problems={shown}
        refused={file.data.refused}
        onGo={goTo}
        onReplace={(problem) => {
          const next = withNearest(text, problem)
          if (next !== undefined) draft.type(next)
        }}
      />
      <textarea
        ref={area}
        className="input mono config-text"
        rows={18}
        spellCheck={false}
        autoComplete="off"
        wrap="off"
        aria-label={words.label}
        aria-describedby={`${id}-state`}
        aria-invalid={errors > 0}
        value={text}
        onChange={(event) => draft.type(event.target.value)}
      />
      <div className="form-foot">
        <output id={`${id}-state`} className={draft.problem !== undefined && !offline ? 'field-error' : 'under'}>
          {stateWords(draft, errors, shown.length - errors)}
        </output>
        <ConfigActs draft={draft} />
      </div>
    </div>
  )
}

type Draft = ReturnType<typeof useConfigDraft>

/** Saving, and the choice where somebody else was faster. */
function ConfigActs({ draft }: { readonly draft: Draft }) {
  const { changed, offline } = draft
  if (draft.conflict && !offline) {
    return (
      <>
        <button type="button" className="button" onClick={() => void draft.takeTheirs()}>
          {words.takeTheirs}
        </button>
        <button type="button" className="button button-primary" onClick={() => void draft.keepMine()}>
          {words.keepMine}
        </button>
      </>
    )
  }
  if (!changed) return null
  return (
    <>
      <button type="button" className="button" onClick={draft.revert}>
        {words.revert}
      </button>
      <button type="button" className="button button-primary" disabled={offline || draft.pending} onClick={draft.save}>
        {words.save}
      </button>
    </>
  )
}

function stateWords(draft: Draft, errors: number, warnings: number): string {
  if (draft.offline) return words.offline
  if (draft.problem !== undefined) return draft.problem
  if (errors + warnings > 0) return words.some(errors, warnings)
  if (draft.saved) return words.saved
  return draft.changed ? words.changed : words.fine
}
