import { useState } from 'react'
import { Command } from '../../components/command.tsx'
import { Diff } from '../../components/diff.tsx'
import { MarkedText } from '../../components/marked-text.tsx'
import type { AgentPlanView, AgentView } from '../../contract.ts'
import { summariseDiff } from '../../format/diff-lines.ts'
import { strings } from '../../strings.ts'
import { AgentReview } from './agent-review.tsx'

const words = strings.agentsPage.pane

/** What connecting writes, file by file with its real path, and how the agent is started then. */
export function AgentPlanParts({ view, plan }: { readonly view: AgentView; readonly plan: AgentPlanView }) {
  const changed = plan.files.filter(({ diff }) => diff !== '')
  const same = plan.files.filter(({ diff }) => diff === '')
  return (
    <>
      {plan.changed.length > 0 && <AgentReview places={plan.changed} />}
      {view.kind !== 'unreachable' && (
        <div className="file-list">
          <p className="under">{changed.length > 0 ? words.files(changed.length) : words.same}</p>
          {changed.map((file, index) => (
            <FileDiff key={file.path} path={file.path} diff={file.diff} startsOpen={index === 0} />
          ))}
          {same.map(({ path }) => (
            <p key={path} className="file-line file-same">
              <code className="breakable">{path}</code>
              <span className="under">{words.unchangedFile}</span>
            </p>
          ))}
        </div>
      )}
      {plan.snippet !== null && (
        <section className="pane-part">
          <h3>{words.snippet}</h3>
          <Command text={plan.snippet} />
        </section>
      )}
      {plan.notes.length > 0 && (
        <section className="pane-part">
          {view.kind === 'agent' && <h3>{words.start}</h3>}
          <ul className="notes">
            {plan.notes.map((note) => (
              <li key={note}>
                <MarkedText text={note} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

interface FileDiffProps {
  readonly path: string
  readonly diff: string
  readonly startsOpen: boolean
}

function FileDiff({ path, diff, startsOpen }: FileDiffProps) {
  const [open, setOpen] = useState(startsOpen)
  const { isNew, isGone, added, removed } = summariseDiff(diff)
  const summary = isNew ? words.newFile(added) : isGone ? words.goneFile : words.changedFile(added, removed)
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="file-line">
        <code className="breakable">{path}</code>
        <span className={isNew ? 'file-new' : 'under'}>{summary}</span>
      </summary>
      {open && <Diff diff={diff} label={words.diffOf(path)} />}
    </details>
  )
}
