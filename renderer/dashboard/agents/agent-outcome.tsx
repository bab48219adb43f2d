import type { AgentUndo, AgentView } from '../../contract.ts'
import type { AgentChange } from '../../state/use-agent-change.ts'
import { strings } from '../../strings.ts'

const words = strings.agentsPage

/** What the last act of this pane came to. */
export function AgentOutcome({ view, change }: { readonly view: AgentView; readonly change: AgentChange }) {
  if (change.problem !== undefined) {
    return (
      <p className="question field-error" role="alert">
        {change.problem}
      </p>
    )
  }
  if (change.done === undefined) return null
  return (
    <output className="outcome">
      <p className="name">
        {change.done.kind === 'connected' ? words.connect.done(view.name) : words.disconnect.done(view.name)}
      </p>
      {change.done.kind === 'disconnected' && <Undone undo={change.done.undo} />}
    </output>
  )
}

function Undone({ undo }: { readonly undo: AgentUndo }) {
  return (
    <>
      <ul>
        {undo.files.map(({ path, outcome, kept }) => (
          <li key={path} className="breakable">
            <code>{path}</code> <span className="quiet">{words.disconnect[outcome]}</span>
            {kept.length > 0 && <span className="quiet">, {words.disconnect.keptPlaces(kept.join(', '))}</span>}
          </li>
        ))}
      </ul>
      {undo.notes.map((note) => (
        <p className="quiet" key={note}>
          {note}
        </p>
      ))}
      {undo.keyRevoked && <p className="quiet">{words.disconnect.revoked}</p>}
    </>
  )
}
