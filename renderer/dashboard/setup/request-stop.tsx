import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Command } from '../../components/command.tsx'
import { Field } from '../../components/field.tsx'
import { failureReason } from '../../components/failure.tsx'
import { CostCell } from '../../components/cost-cell.tsx'
import { TierChip } from '../../components/tier-chip.tsx'
import type { RequestView, Setup } from '../../contract.ts'
import type { LiveState } from '../../state/live-state.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { shownModel } from '../../state/request-figures.ts'
import { strings } from '../../strings.ts'

const words = strings.setupPage.request
const mostRows = 4

export interface RequestStopProps {
  readonly setup: Setup
  readonly live: LiveState
  readonly offline: boolean
}

/** The first request, from a terminal or from here, and what became of it. */
export function RequestStop({ setup, live, offline }: RequestStopProps) {
  const { client } = useSurroundings()
  const [prompt, setPrompt] = useState<string>(words.first)
  const [problem, setProblem] = useState<string>()
  const send = useMutation({
    mutationFn: () => client.sendSetupRequest({ model: setup.firstRequest.model, prompt: prompt.trim() }),
    onSuccess: ({ error }) => {
      if (error === null && prompt.trim() === words.first) setPrompt(words.second)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (prompt.trim() === '') setProblem(words.empty)
    else send.mutate()
  }
  const failed = send.isError ? words.failed(failureReason(send.error)) : (send.data?.error ?? undefined)
  const rows = live.requests.slice(0, mostRows)
  return (
    <div className="agent-parts">
      <Command text={setup.firstRequest.command} />
      <form className="form" noValidate onSubmit={submit}>
        <Field
          label={words.prompt}
          value={prompt}
          problem={problem ?? failed}
          onChange={(typed) => {
            setPrompt(typed)
            setProblem(undefined)
            send.reset()
          }}
        />
        <div className="send-line">
          <button type="submit" className="button" disabled={offline || send.isPending}>
            {words.send}
          </button>
          <output className="under">{send.isPending ? words.waiting : ''}</output>
        </div>
      </form>
      {rows.length > 0 && (
        <>
          <ul className="first-requests" aria-label={words.list}>
            {rows.map((request) => (
              <Row key={request.id} request={request} />
            ))}
          </ul>
          <p className="under">{words.done}</p>
        </>
      )}
    </div>
  )
}

function Row({ request }: { readonly request: RequestView }) {
  return (
    <li className="first-request">
      <TierChip tier={request.tier} />
      <span className="name-block">
        <span className="name">{shownModel(request)}</span>
        <span className="under">{request.agent ?? strings.requests.noAgent}</span>
      </span>
      <CostCell request={request} />
    </li>
  )
}
