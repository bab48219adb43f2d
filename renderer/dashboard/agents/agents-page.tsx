import { useMediaQuery } from '@mantine/hooks'
import { failureReason, RequestFailure } from '../../components/failure.tsx'
import type { LiveState } from '../../state/live-state.ts'
import { groupAgents } from '../../state/agent-states.ts'
import { useAgents } from '../../state/use-agents.ts'
import { openPage } from '../../state/use-page.ts'
import { strings } from '../../strings.ts'
import { AgentPane } from './agent-pane.tsx'
import { AgentTable } from './agent-table.tsx'

const words = strings.agentsPage

export interface AgentsPageProps {
  readonly live: LiveState
  readonly selected: string | undefined
}

/** The place of the table of roles in the address; no agent has this id. */
export const rolesPlace = 'roles'

const open = (agent: string | undefined) => openPage({ name: 'agents', agent }, agent !== undefined)
const close = () => open(undefined)

/** The coding agents of this machine: whether they are connected, and a pane that shows every line before it is written. */
export function AgentsPage({ live, selected }: AgentsPageProps) {
  const narrow = useMediaQuery('(max-width: 899px)', false, { getInitialValueInEffect: false })
  const agents = useAgents()
  const groups = agents.data === undefined ? undefined : groupAgents(agents.data)
  const shown = agents.data?.find(({ id }) => id === selected)
  const offline = live.connection !== 'live'
  return (
    <div className={shown === undefined ? 'keys-page' : 'keys-page agents-selected'}>
      {!(narrow && shown !== undefined) && (
        <div className="keys-list scroll-page">
          <header className="page-header">
            <h1>{strings.pages.agents}</h1>
            {groups !== undefined && (
              <span className="page-summary">{words.summary(groups.connected, groups.found)}</span>
            )}
            <div className="page-actions">
              <button type="button" className="button" onClick={() => open(rolesPlace)}>
                {strings.rolesPage.title}
              </button>
            </div>
          </header>
          {groups !== undefined ? (
            <AgentTable groups={groups} selected={selected} compact={shown !== undefined} onOpen={open} />
          ) : agents.isError ? (
            <RequestFailure text={words.failed(failureReason(agents.error))} onAgain={() => void agents.refetch()} />
          ) : (
            <div className="page-column">
              <div className="card card-waiting still" />
            </div>
          )}
        </div>
      )}
      {shown !== undefined && <AgentPane key={shown.id} view={shown} offline={offline} onClose={close} />}
    </div>
  )
}
