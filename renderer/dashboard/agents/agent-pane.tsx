import { useState } from 'react'
import { failureReason } from '../../components/failure.tsx'
import { Pane } from '../../components/pane.tsx'
import type { AgentChoice, AgentView } from '../../contract.ts'
import { isConnected, isCutOff } from '../../state/agent-states.ts'
import { readBudget } from '../../state/key-form.ts'
import { useAgentChange } from '../../state/use-agent-change.ts'
import { useAgentPlan } from '../../state/use-agents.ts'
import { strings } from '../../strings.ts'
import { AgentChoices } from './agent-choices.tsx'
import { AgentFoot } from './agent-foot.tsx'
import { AgentOutcome } from './agent-outcome.tsx'
import { AgentPlanParts } from './agent-plan.tsx'

const words = strings.agentsPage

export interface AgentPaneProps {
  readonly view: AgentView
  readonly offline: boolean
  readonly onClose: () => void
}

/** One agent: the choice of its models, every line that connecting would write, and the act itself. */
export function AgentPane({ view, offline, onClose }: AgentPaneProps) {
  const [choice, setChoice] = useState<AgentChoice>({})
  const [budget, setBudget] = useState('')
  const [budgetProblem, setBudgetProblem] = useState<string>()
  const plan = useAgentPlan(view.id, choice)
  const change = useAgentChange(view)
  const { name } = view
  const connected = isConnected(view)
  const connect = () => {
    const amount = readBudget(budget)
    if (Number.isNaN(amount)) return setBudgetProblem(words.pane.budgetProblem(budget))
    change.connect(choice, amount)
  }
  const takesChoice = view.kind !== 'unreachable'
  return (
    <Pane
      title={connected || !takesChoice ? name : words.pane.connectTitle(name)}
      onClose={onClose}
      foot={
        takesChoice && (
          <AgentFoot
            view={view}
            plan={plan.data}
            ready={!offline && !change.pending && plan.data !== undefined && !plan.isError}
            offline={offline}
            onConnect={connect}
            onDisconnect={change.disconnect}
            onClose={onClose}
          />
        )
      }
    >
      <div className="agent-parts">
        <AgentOutcome view={view} change={change} />
        {isCutOff(view) && <p className="tone-warning">{words.pane.cutOff(view.drift.join('; '))}</p>}
        {view.state === 'not installed' && takesChoice && <p className="quiet">{words.pane.notInstalled}</p>}
        {takesChoice && !(plan.isError && plan.data === undefined) && (
          <AgentChoices
            choice={choice}
            planned={plan.data}
            onChoose={setChoice}
            budget={
              connected || !view.hasOwnKey
                ? undefined
                : {
                    value: budget,
                    problem: budgetProblem,
                    onChange: (typed) => {
                      setBudget(typed)
                      setBudgetProblem(undefined)
                    },
                  }
            }
          />
        )}
        {plan.isError ? (
          <div className="question" role="alert">
            <p>
              <strong>{words.pane.refused(name)}</strong>
            </p>
            <p className="breakable">{failureReason(plan.error)}</p>
            <div className="question-acts">
              <button type="button" className="button" disabled={offline} onClick={() => void plan.refetch()}>
                {strings.again}
              </button>
            </div>
          </div>
        ) : plan.data === undefined ? (
          <div className="card card-waiting still" />
        ) : (
          <AgentPlanParts view={view} plan={plan.data} />
        )}
      </div>
    </Pane>
  )
}
