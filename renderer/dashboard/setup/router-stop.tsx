import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Field } from '../../components/field.tsx'
import { failureReason } from '../../components/failure.tsx'
import { TierChip } from '../../components/tier-chip.tsx'
import type { RouterProposal, Setup } from '../../contract.ts'
import type { LiveState } from '../../state/live-state.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { isDemoRouter } from '../../state/summary.ts'
import { modelsQuery, setupQuery } from '../../state/use-settings.ts'
import { strings } from '../../strings.ts'

const words = strings.setupPage.router
const namePattern = /^[A-Za-z0-9._/-]{1,100}$/u

export interface RouterStopProps {
  readonly setup: Setup
  readonly live: LiveState
  readonly offline: boolean
}

/** A router made of what is there, to be named and written into the config file. */
export function RouterStop({ setup, live, offline }: RouterStopProps) {
  const names = live.routers.filter((router) => !isDemoRouter(router)).map(({ name }) => name)
  return (
    <div className="agent-parts">
      {names.length > 0 && <p>{words.there(names.join(', '))}</p>}
      {setup.proposal === null
        ? setup.noProposal !== null && <p className="quiet">{setup.noProposal}</p>
        : names.length === 0 && <Proposal proposal={setup.proposal} offline={offline} />}
    </div>
  )
}

interface ProposalProps {
  readonly proposal: RouterProposal
  readonly offline: boolean
}

function Proposal({ proposal, offline }: ProposalProps) {
  const { client } = useSurroundings()
  const queries = useQueryClient()
  const [name, setName] = useState(proposal.name)
  const [problem, setProblem] = useState<string>()
  const add = useMutation({
    mutationFn: () => {
      const tiers = Object.fromEntries(proposal.tiers.map(({ tier, models }) => [tier, models]))
      return client.addSetupRouter({ name: name.trim(), tiers })
    },
    onSuccess: async () => {
      await Promise.all([setupQuery, modelsQuery].map((queryKey) => queries.invalidateQueries({ queryKey })))
    },
  })
  const send = () => {
    if (namePattern.test(name.trim())) add.mutate()
    else setProblem(words.nameProblem(name))
  }
  const refused = add.data?.written === false ? add.data.problems.filter(({ severity }) => severity === 'error') : []
  const failed = add.isError ? words.failed(failureReason(add.error)) : undefined
  return (
    <>
      <ul className="proposal">
        {proposal.tiers.map(({ tier, models }) => (
          <li key={tier} className="tier-line">
            <span className="tier-column">
              <TierChip tier={tier} />
            </span>
            <span className="breakable">{models.join(' › ')}</span>
          </li>
        ))}
      </ul>
      {proposal.reasons.length > 0 && (
        <div>
          <p className="label">{words.why}</p>
          <ul className="quiet">
            {proposal.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      )}
      <Field
        label={words.name}
        value={name}
        problem={problem ?? failed}
        onChange={(typed) => {
          setName(typed)
          setProblem(undefined)
          add.reset()
        }}
      />
      {refused.length > 0 && (
        <div className="question" role="alert">
          <p>{words.refused}</p>
          {refused.map(({ message }) => (
            <p key={message}>{message}</p>
          ))}
        </div>
      )}
      <div>
        <button type="button" className="button" disabled={offline || add.isPending} onClick={send}>
          {words.add}
        </button>
      </div>
    </>
  )
}
