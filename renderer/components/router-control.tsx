import { useId } from 'react'
import type { RouterView } from '../contract.ts'
import { useLive } from '../state/live-context.tsx'
import { useSwitch } from '../state/use-switch.ts'
import { RouterSwitch } from './router-switch.tsx'

export interface RouterControlProps {
  readonly router: RouterView
  /** Draws what stands beside the switch, from where the switch stands on screen. */
  readonly renderWords: (router: RouterView) => React.ReactNode
}

/** A router's line: its words, its switch, and the sentence when a change failed. */
export function RouterControl({ router, renderWords }: RouterControlProps) {
  const { connection } = useLive()
  const { position, change, problem } = useSwitch(router)
  const problemId = useId()
  return (
    <div className="router-control" aria-describedby={problem === undefined ? undefined : problemId}>
      <div className="router-line">
        {renderWords({ ...router, position })}
        <RouterSwitch router={router} position={position} disabled={connection !== 'live'} onChange={change} />
      </div>
      {problem !== undefined && (
        <p id={problemId} role="alert" className="field-error">
          {problem}
        </p>
      )}
    </div>
  )
}
