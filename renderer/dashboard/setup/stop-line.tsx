import { IconCheck } from '@tabler/icons-react'
import type { Setup, SetupStep } from '../../contract.ts'
import { strings } from '../../strings.ts'

const words = strings.setupPage

export interface StopLineProps {
  readonly setup: Setup
  readonly current: SetupStep
  readonly onOpen: (step: SetupStep) => void
}

/** The stops as a line: where one is, what is done, what was skipped. Each leads to itself. */
export function StopLine({ setup, current, onOpen }: StopLineProps) {
  return (
    <nav aria-label={words.line}>
      <ol className="stops">
        {setup.steps.map(({ step, state }) => (
          <li key={step} className={`stop stop-${step === current ? 'current' : state}`}>
            <button
              type="button"
              className="stop-button"
              aria-label={`${words.stops[step]}, ${words.states[state]}`}
              aria-current={step === current ? 'step' : undefined}
              onClick={() => onOpen(step)}
            >
              <span className="stop-mark" aria-hidden="true">
                {state === 'done' && step !== current && <IconCheck size={12} stroke={2} />}
              </span>
              {words.stops[step]}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
