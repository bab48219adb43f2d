import { ChoiceField, Field } from '../../components/field.tsx'
import { failureReason } from '../../components/failure.tsx'
import type { AgentChoice, AgentPlanView } from '../../contract.ts'
import { useAgentModels } from '../../state/use-agents.ts'
import { strings } from '../../strings.ts'

const words = strings.agentsPage.pane

export interface AgentChoicesProps {
  readonly choice: AgentChoice
  /** Names what stands where nothing was chosen. */
  readonly planned: AgentPlanView | undefined
  readonly onChoose: (choice: AgentChoice) => void
  /** Of the key that connecting makes; undefined where it makes none. */
  readonly budget:
    | { readonly value: string; readonly problem: string | undefined; readonly onChange: (typed: string) => void }
    | undefined
}

/** Which model and small model an agent is told of, and what its key may spend. */
export function AgentChoices({ choice, planned, onChoose, budget }: AgentChoicesProps) {
  const models = useAgentModels()
  const names = models.data?.models.map(({ name }) => name) ?? []
  const options = (chosen: string) =>
    [...(names.includes(chosen) ? [] : [chosen]), ...names].map((name) => ({ value: name, label: name }))
  const model = choice.model ?? planned?.model ?? ''
  const smallModel = choice.smallModel ?? planned?.smallModel ?? model
  return (
    <div className="form">
      <div className="field-pair">
        <ChoiceField
          label={words.model}
          value={model}
          options={options(model)}
          problem={models.isError ? words.modelsFailed(failureReason(models.error)) : undefined}
          onChange={(next) => onChoose({ ...choice, model: next })}
        />
        <ChoiceField
          label={words.smallModel}
          value={smallModel}
          options={options(smallModel)}
          onChange={(next) => onChoose({ ...choice, model, smallModel: next })}
        />
      </div>
      {budget !== undefined && <Field label={words.budget} hint={words.budgetHint} numeric {...budget} />}
    </div>
  )
}
