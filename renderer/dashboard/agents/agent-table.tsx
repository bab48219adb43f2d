import { Lamp } from '../../components/lamp.tsx'
import type { AgentView } from '../../contract.ts'
import { agentLamp, type AgentGroups, isConnected, type ShownAgentState, shownState } from '../../state/agent-states.ts'
import { moveInRows } from '../../state/use-row-keys.ts'
import { strings } from '../../strings.ts'

const words = strings.agentsPage

export interface AgentTableProps {
  readonly groups: AgentGroups
  readonly selected: string | undefined
  /** Beside a pane: names and states. */
  readonly compact: boolean
  readonly onOpen: (id: string) => void
}

/** One line an agent, connected ones first; below them what programs of one's own need. */
export function AgentTable({ groups, selected, compact, onOpen }: AgentTableProps) {
  const row = (agent: AgentView) => (
    <AgentRow key={agent.id} agent={agent} selected={agent.id === selected} compact={compact} onOpen={onOpen} />
  )
  return (
    <div className="page-column">
      <div className="card table-card">
        <table className="table agent-table" aria-label={words.tableLabel}>
          <thead>
            <tr>
              <th>{words.columns.agent}</th>
              <th>{words.columns.state}</th>
              {!compact && <th className="agent-uses">{words.columns.uses}</th>}
              {!compact && (
                <th>
                  <span className="visually-hidden">{words.columns.act}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {groups.agents.map(row)}
            <tr className="table-group">
              <th scope="rowgroup" colSpan={compact ? 2 : 4}>
                {words.snippets}
              </th>
            </tr>
            {groups.snippets.map(row)}
          </tbody>
        </table>
      </div>
      <p className="under">{words.note}</p>
    </div>
  )
}

interface AgentRowProps {
  readonly agent: AgentView
  readonly selected: boolean
  readonly compact: boolean
  readonly onOpen: (id: string) => void
}

function AgentRow({ agent, selected, compact, onOpen }: AgentRowProps) {
  const state = shownState(agent)
  const act = actOf(agent, state)
  return (
    <tr className={selected ? 'row-selected' : undefined}>
      <th scope="row">
        <button
          type="button"
          className="row-name-text row-link name"
          aria-current={selected}
          onKeyDown={moveInRows}
          onClick={() => onOpen(agent.id)}
        >
          {agent.name}
        </button>
      </th>
      <td className="agent-state">
        {agent.kind === 'snippet' && !isConnected(agent) ? null : <StateWord state={state} />}
      </td>
      {!compact && <td className="agent-uses quiet">{usesOf(agent, state)}</td>}
      {!compact && (
        <td className="number">
          <button
            type="button"
            className={act.quiet ? 'button button-small button-quiet' : 'button button-small'}
            aria-label={words.actLabel(act.word, agent.name)}
            onClick={() => onOpen(agent.id)}
          >
            {act.word}
          </button>
        </td>
      )}
    </tr>
  )
}

/** The lamp, or a dash, and its word. */
export function StateWord({ state }: { readonly state: ShownAgentState }) {
  const lamp = agentLamp(state)
  const tone = state === 'drifted' || state === 'outdated' ? 'tone-warning' : 'quiet'
  return (
    <span className="state-word">
      {lamp === undefined ? <span className="state-dash">–</span> : <Lamp state={lamp} />}
      <span className={tone}>{words.states[state]}</span>
    </span>
  )
}

function usesOf(agent: AgentView, state: ShownAgentState): string {
  if (state === 'unreachable') return words.cannotReach
  if (state === 'drifted') return agent.drift[0] ?? ''
  if (agent.model === null) return state === 'absent' && agent.kind === 'agent' ? words.nothingWritten : ''
  if (state === 'outdated') return agent.drift[0] ?? words.outdated
  return words.uses(agent.model, agent.smallModel ?? agent.model)
}

function actOf(agent: AgentView, state: ShownAgentState): { readonly word: string; readonly quiet: boolean } {
  const { acts } = words
  if (agent.kind === 'snippet') return { word: acts.copy, quiet: true }
  const byState = {
    'in place': { word: acts.change, quiet: true },
    outdated: { word: acts.update, quiet: false },
    drifted: { word: acts.review, quiet: false },
    absent: { word: acts.connect, quiet: false },
    'not installed': { word: acts.how, quiet: true },
    unreachable: { word: acts.why, quiet: true },
  }
  return byState[state]
}
