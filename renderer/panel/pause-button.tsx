import { useMutation } from '@tanstack/react-query'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useId } from 'react'
import type { LiveState } from '../state/live-state.ts'
import { failureReason } from '../state/failure-reason.ts'
import { useSurroundings } from '../state/live-context.tsx'
import { strings } from '../strings.ts'

const words = strings.panel.pause

/** Pauses the gateway for its clients and lets it go on. What runs is not touched. */
export function PauseButton({ live }: { readonly live: LiveState }) {
  const { client } = useSurroundings()
  const paused = live.status?.pausedSince !== undefined
  const problemId = useId()
  const change = useMutation({ mutationFn: () => (paused ? client.resume() : client.pause()) })
  const Icon = paused ? IconPlayerPlay : IconPlayerPause
  const label = paused ? words.resume : words.pause
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label={label}
        aria-describedby={change.isError ? problemId : undefined}
        title={paused ? words.resumeHint : words.pauseHint}
        disabled={live.connection !== 'live' || change.isPending}
        onClick={() => change.mutate()}
      >
        <Icon size={16} stroke={1.4} aria-hidden="true" />
      </button>
      {change.isError && (
        <span id={problemId} role="alert" className="panel-alert field-error">
          {words.failed(failureReason(change.error))}
        </span>
      )}
    </>
  )
}
