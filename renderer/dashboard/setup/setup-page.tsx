import { useEffect, useRef } from 'react'
import { ConnectionBar } from '../../components/connection-bar.tsx'
import { failureReason, RequestFailure } from '../../components/failure.tsx'
import { Mark } from '../../components/mark.tsx'
import type { Setup, SetupStep } from '../../contract.ts'
import type { LiveState } from '../../state/live-state.ts'
import { neighbour, setupSteps, shownStep } from '../../state/setup-steps.ts'
import { markState } from '../../state/summary.ts'
import { openPage } from '../../state/use-page.ts'
import { useSetup } from '../../state/use-settings.ts'
import { useSetupSteps } from '../../state/use-setup-step.ts'
import { strings } from '../../strings.ts'
import { AgentStop } from './agent-stop.tsx'
import { FoundStop } from './found-stop.tsx'
import { KeyStop } from './key-stop.tsx'
import { RequestStop } from './request-stop.tsx'
import { RouterStop } from './router-stop.tsx'
import { StopLine } from './stop-line.tsx'

const words = strings.setupPage

export interface SetupPageProps {
  readonly live: LiveState
  readonly named: string | undefined
}

const go = (step: SetupStep | undefined) =>
  openPage(step === undefined ? { name: 'activity', requestId: undefined } : { name: 'setup', step })

/** The first run: five stops on a line, each of which can be skipped. Nothing of it is needed, and all of it is found again elsewhere. */
export function SetupPage({ live, named }: SetupPageProps) {
  const setup = useSetup()
  return (
    <main className="setup">
      <div className="setup-card">
        {setup.data !== undefined ? (
          <Stops live={live} setup={setup.data} named={named} />
        ) : setup.isError ? (
          <RequestFailure text={words.failed(failureReason(setup.error))} onAgain={() => void setup.refetch()} />
        ) : (
          <div className="card-waiting still" />
        )}
      </div>
    </main>
  )
}

function Stops({ live, setup, named }: SetupPageProps & { readonly setup: Setup }) {
  const step = shownStep(named, setup)
  const steps = useSetupSteps()
  const heading = useRef<HTMLHeadingElement>(null)
  const before = useRef(step)
  useEffect(() => {
    // A reader hears where the way has come to; at the first look the page speaks for itself.
    if (before.current !== step) heading.current?.focus()
    before.current = step
  }, [step])
  const leave = (state: 'done' | 'skipped') => {
    const known = setup.steps.find((one) => one.step === step)?.state
    // What is done stays done, however one goes on from there.
    if (known !== 'done') steps.mutate({ steps: [step], state })
    go(neighbour(step, 1))
  }
  const skipAll = () => {
    steps.mutate({
      steps: setup.steps.filter(({ state }) => state === 'open').map((one) => one.step),
      state: 'skipped',
    })
    go(undefined)
  }
  const earlier = neighbour(step, -1)
  const offline = live.connection !== 'live'
  return (
    <>
      <aside className="setup-line">
        <div className="setup-head">
          <Mark state={markState(live)} />
          <span className="product">{strings.name}</span>
        </div>
        <StopLine setup={setup} current={step} onOpen={go} />
      </aside>
      <section className="setup-stop" aria-labelledby="setup-title">
        <ConnectionBar live={live} />
        <div className="setup-body">
          <h1 id="setup-title" ref={heading} tabIndex={-1}>
            {words[step].title}
          </h1>
          <p className="quiet">{words[step].note}</p>
          <Stop step={step} setup={setup} live={live} offline={offline} />
        </div>
        <footer className="setup-foot">
          {step === setupSteps[0] ? (
            <button type="button" className="button button-quiet" onClick={skipAll}>
              {words.skipAll}
            </button>
          ) : (
            <button type="button" className="button button-quiet" onClick={() => leave('skipped')}>
              {words.skip}
            </button>
          )}
          <span className="setup-space" />
          {earlier !== undefined && (
            <button type="button" className="button" onClick={() => go(earlier)}>
              {words.back}
            </button>
          )}
          <button type="button" className="button button-primary" onClick={() => leave('done')}>
            {words.next[step]}
          </button>
        </footer>
      </section>
    </>
  )
}

interface StopProps {
  readonly step: SetupStep
  readonly setup: Setup
  readonly live: LiveState
  readonly offline: boolean
}

function Stop({ step, setup, live, offline }: StopProps) {
  switch (step) {
    case 'found':
      return <FoundStop setup={setup} />
    case 'key':
      return <KeyStop setup={setup} offline={offline} />
    case 'router':
      return <RouterStop setup={setup} live={live} offline={offline} />
    case 'request':
      return <RequestStop setup={setup} live={live} offline={offline} />
    case 'agent':
      return <AgentStop setup={setup} />
  }
}
