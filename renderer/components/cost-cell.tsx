import type { RequestView } from '../contract.ts'
import { costFigure, durationText } from '../state/request-figures.ts'
import { useElapsed } from '../state/live-context.tsx'

/** Cost over duration, right-aligned, in a place that does not move while the figures change. */
export function CostCell({ request }: { readonly request: RequestView }) {
  const cost = costFigure(request)
  const elapsed = useElapsed(request.startedAt, request.phase === 'running')
  return (
    <span className="cost-cell">
      <span className={`cost cost-${cost.tone}`} title={cost.hint}>
        {cost.text}
      </span>
      <span className="under">
        {cost.label !== undefined && `${cost.label} · `}
        {durationText(request, elapsed)}
      </span>
    </span>
  )
}
