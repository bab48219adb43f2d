import { useState } from 'react'
import type { AgentPlanView, AgentView } from '../../contract.ts'
import { isConnected, isCutOff } from '../../state/agent-states.ts'
import { strings } from '../../strings.ts'

const words = strings.agentsPage

export interface AgentFootProps {
  readonly view: AgentView
  readonly plan: AgentPlanView | undefined
  /** False while nothing can be done: no plan, something under way, the gateway away. */
  readonly ready: boolean
  readonly offline: boolean
  readonly onConnect: () => void
  readonly onDisconnect: () => void
  readonly onClose: () => void
}

/** The acts of a pane. The button names its act; taking back says what it does and asks. */
export function AgentFoot({ view, plan, ready, offline, onConnect, onDisconnect, onClose }: AgentFootProps) {
  const [asking, setAsking] = useState(false)
  const connected = isConnected(view)
  if (asking && connected) {
    return (
      <div className="question pane-question" role="alert">
        <p>{words.disconnect.question(view.name)}</p>
        <div className="question-acts">
          <button type="button" className="button" onClick={() => setAsking(false)}>
            {strings.cancel}
          </button>
          <button
            type="button"
            className="button button-danger"
            disabled={!ready && offline}
            onClick={() => {
              setAsking(false)
              onDisconnect()
            }}
          >
            {words.disconnect.yes(view.name)}
          </button>
        </div>
      </div>
    )
  }
  const changes = plan?.files.some(({ diff }) => diff !== '') === true
  return (
    <>
      <span className="under pane-foot-words">{offline ? words.pane.offline : words.pane.backup}</span>
      {connected ? (
        <button type="button" className="button" disabled={offline} onClick={() => setAsking(true)}>
          {words.disconnect.act}
        </button>
      ) : (
        <button type="button" className="button" onClick={onClose}>
          {strings.cancel}
        </button>
      )}
      {(!connected || changes || isCutOff(view)) && (
        <button type="button" className="button button-primary" disabled={!ready} onClick={onConnect}>
          {connectWord(view)}
        </button>
      )}
    </>
  )
}

function connectWord(view: AgentView): string {
  if (view.state === 'drifted' || isCutOff(view)) return words.connect.again(view.name)
  if (isConnected(view)) return words.connect.update(view.name)
  return view.kind === 'snippet' ? words.connect.snippet : words.connect.agent(view.name)
}
