import { Tooltip } from '@mantine/core'
import { useThrottledValue } from '@mantine/hooks'
import { CostCell } from '../components/cost-cell.tsx'
import { TierChip } from '../components/tier-chip.tsx'
import type { RequestView } from '../contract.ts'
import { formatScore } from '../format/figures.ts'
import type { LiveState } from '../state/live-state.ts'
import { useSurroundings } from '../state/live-context.tsx'
import { requestsPerSecond } from '../state/request-rate.ts'
import { shownModel } from '../state/request-figures.ts'
import { useHeldRows } from '../state/use-held-rows.ts'
import { strings } from '../strings.ts'

const shownRows = 5
/** Faster than this nobody reads rows that come and go: they are sampled once a second. */
const readablePerSecond = 30
const sampleMs = 1_000

export interface PanelRequestsProps {
  readonly live: LiveState
  readonly onOpen: (id: string) => void
}

/** The five newest requests. Their block keeps its height whatever it holds. */
export function PanelRequests({ live, onOpen }: PanelRequestsProps) {
  const { now } = useSurroundings()
  const sampled = useThrottledValue(live.requests, sampleMs)
  const rate = requestsPerSecond(sampled, now())
  const rushing = rate > readablePerSecond
  const held = useHeldRows(rushing ? sampled : live.requests, shownRows)
  return (
    <section className="panel-requests" {...held.holdProps}>
      <div className="section-head">
        <h2 className="label">{strings.requests.title}</h2>
        {rushing ? (
          <span className="label">{strings.requests.perSecond(rate)}</span>
        ) : held.waiting > 0 ? (
          <button type="button" className="link label" onClick={held.release}>
            {strings.requests.waiting(held.waiting)}
          </button>
        ) : (
          <span className="label">
            {live.status !== null && strings.requests.today(live.status.spendToday.requests)}
          </span>
        )}
      </div>
      <div className="panel-rows">
        {held.rows.map((request) => (
          <PanelRow key={request.id} request={request} onOpen={onOpen} />
        ))}
        {held.rows.length === 0 && live.connection !== 'connecting' && (
          <p className="under panel-empty">{strings.requests.emptyPanel}</p>
        )}
      </div>
    </section>
  )
}

function PanelRow({ request, onOpen }: { readonly request: RequestView; readonly onOpen: (id: string) => void }) {
  const row = (
    <button type="button" className="panel-row" onClick={() => onOpen(request.id)}>
      <span className="tier-column">
        <TierChip tier={request.tier} />
      </span>
      <span className="name-block">
        <span className="name">{shownModel(request)}</span>
        <span className="under">{request.agent ?? strings.requests.noAgent}</span>
      </span>
      <CostCell request={request} />
    </button>
  )
  const hint = reasonHint(request)
  if (hint === undefined) return row
  return (
    <Tooltip label={hint} openDelay={300} events={{ hover: true, focus: true, touch: false }} multiline maw={320}>
      {row}
    </Tooltip>
  )
}

function reasonHint(request: RequestView): string | undefined {
  if (request.reason === null) return undefined
  return request.score === null
    ? request.reason
    : `${strings.why.total} ${formatScore(request.score)}: ${request.reason}`
}
