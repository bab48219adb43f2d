/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a drawing made of elements that stretch, which img cannot hold */
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { IconChevronRight } from '@tabler/icons-react'
import type { RouterDraft } from '../../../gateway/contract/router-draft.ts'
import { RequestFailure } from '../../components/failure.tsx'
import { TierChip } from '../../components/tier-chip.tsx'
import { TierShape } from '../../components/tier-shape.tsx'
import type { Replay, RouterView } from '../../contract.ts'
import { formatCount, formatShare } from '../../format/figures.ts'
import { formatExactMoney, formatMoney, formatMoneyChange } from '../../format/money.ts'
import { failureReason } from '../../state/failure-reason.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { strings } from '../../strings.ts'

const words = strings.routerEditor.week
const settleMs = 300
const days = 7
/** A share narrower than this has no room for its shape, in percent. */
const shapeFrom = 6

export interface LastWeekProps {
  readonly router: RouterView
  readonly draft: RouterDraft | undefined
}

/** The last seven days decided again with the edited settings: the mix, the money, which decisions move, which labels they break. */
export function LastWeek({ router, draft }: LastWeekProps) {
  const { client } = useSurroundings()
  const [settled] = useDebouncedValue(draft, settleMs)
  const replay = useQuery({
    queryKey: ['replay', router.name, router.tiers, settled],
    queryFn: () => client.replayRouter(router.name, { days, draft: settled ?? {} }),
    placeholderData: keepPreviousData,
  })
  const data = replay.data
  return (
    <section className="last-week">
      <header className="part-head part-head-wide">
        <h2>{words.title}</h2>
        <span className="under part-end">
          {data !== undefined &&
            (data.sampled ? words.sample(data.replayed, data.requests) : words.replayed(data.replayed))}
        </span>
      </header>
      {data === undefined && replay.isError && (
        <RequestFailure text={words.failed(failureReason(replay.error))} onAgain={() => void replay.refetch()} />
      )}
      {data === undefined && replay.isPending && <div className="still week-still" />}
      {data !== undefined &&
        (data.replayed === 0 ? (
          <p className="quiet">{words.empty}</p>
        ) : (
          <Replayed replay={data} edited={settled !== undefined} />
        ))}
      {data !== undefined && replay.isError && (
        <p className="field-error">{words.failed(failureReason(replay.error))}</p>
      )}
    </section>
  )
}

function Replayed({ replay, edited }: { readonly replay: Replay; readonly edited: boolean }) {
  const { before, after, cost, moves, labels, notes } = replay
  return (
    <>
      <Mix name={words.saved} shares={before} costNanoUsd={cost.beforeNanoUsd} />
      {edited && <Mix name={words.edited} shares={after} costNanoUsd={cost.afterNanoUsd} strong />}
      <Legend before={before} after={edited ? after : before} />
      {edited && moves.length === 0 && <p className="quiet week-line">{words.noMoves}</p>}
      {edited &&
        moves.map((move) => (
          <div key={`${move.from} ${move.to}`} className="move">
            <strong>{formatCount(move.requests)}</strong>
            <span className="quiet">{words.decisions(move.requests)}</span>
            <TierChip tier={move.from} />
            <IconChevronRight size={14} stroke={1.4} aria-hidden="true" />
            <TierChip tier={move.to} />
            <span className="move-cost" title={formatExactMoney(move.costNanoUsd)}>
              {formatMoneyChange(move.costNanoUsd)}
            </span>
          </div>
        ))}
      {edited && (
        <p className="quiet week-line" title={cost.compares}>
          {[costWords(cost), cost.unknown > 0 ? words.unknown(cost.unknown) : '', labelWords(labels)]
            .filter((sentence) => sentence !== '')
            .join(' ')}
        </p>
      )}
      {notes.map((note) => (
        <p key={note} className="under">
          {note}
        </p>
      ))}
    </>
  )
}

type Shares = Replay['before']

interface MixProps {
  readonly name: string
  readonly shares: Shares
  readonly costNanoUsd: number
  readonly strong?: boolean
}

/** The tiers of all decisions as one bar, in tier order. */
function Mix({ name, shares, costNanoUsd, strong = false }: MixProps) {
  const total = shares.reduce((sum, { requests }) => sum + requests, 0)
  const percent = (requests: number) => (total === 0 ? 0 : (requests / total) * 100)
  const parts = shares.map(({ tier, requests }) => `${tier} ${formatShare(percent(requests) / 100)}`).join(', ')
  return (
    <div className={strong ? 'mix mix-strong' : 'mix'}>
      <span className="mix-name">{name}</span>
      <span className="mix-bar" role="img" aria-label={words.mix(name, parts)}>
        {shares.map(
          ({ tier, requests }) =>
            requests > 0 && (
              <span
                key={tier}
                className={`mix-part tier-${tier.toLowerCase()}`}
                style={{ width: `${percent(requests)}%` }}
              >
                {percent(requests) >= shapeFrom && <TierShape tier={tier} size={8} />}
              </span>
            ),
        )}
      </span>
      <span className="mix-cost" title={formatExactMoney(costNanoUsd)}>
        {formatMoney(costNanoUsd)}
      </span>
    </div>
  )
}

/** Each tier's share before and after. */
function Legend({ before, after }: { readonly before: Shares; readonly after: Shares }) {
  const share = (shares: Shares, tier: string) => {
    const total = shares.reduce((sum, { requests }) => sum + requests, 0)
    const own = shares.find((part) => part.tier === tier)?.requests ?? 0
    return total === 0 ? 0 : own / total
  }
  return (
    <p className="mix-legend">
      {before.map(({ tier }) => {
        const was = formatShare(share(before, tier))
        const is = formatShare(share(after, tier))
        return (
          <span key={tier} className={`mix-legend-part tier-${tier.toLowerCase()}`}>
            <TierShape tier={tier} size={8} label={tier} />
            {was === is ? (
              was
            ) : (
              <>
                {`${was.replace(/\D+$/u, '')} → `}
                <strong>{is}</strong>
              </>
            )}
          </span>
        )
      })}
    </p>
  )
}

function costWords({ beforeNanoUsd, afterNanoUsd }: Replay['cost']): string {
  if (beforeNanoUsd === afterNanoUsd || beforeNanoUsd === 0) return words.sameCost
  const share = Math.abs(afterNanoUsd - beforeNanoUsd) / beforeNanoUsd
  return afterNanoUsd < beforeNanoUsd ? words.cheaper(formatShare(share)) : words.dearer(formatShare(share))
}

function labelWords({ checked, contradictedBefore, contradictedAfter }: Replay['labels']): string {
  if (checked === 0 || (contradictedBefore === 0 && contradictedAfter === 0)) return ''
  return contradictedBefore === 0
    ? words.labels(contradictedAfter)
    : words.labelsFixed(contradictedBefore, contradictedAfter)
}
