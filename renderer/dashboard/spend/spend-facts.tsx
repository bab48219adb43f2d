import { IconAlertTriangle } from '@tabler/icons-react'
import { Bar } from '../../components/bar.tsx'
import type { KeyView, SpendReport } from '../../contract.ts'
import { budgetPace, budgetShare } from '../../format/budget.ts'
import { formatCount } from '../../format/figures.ts'
import { formatExactMoney, formatMoney } from '../../format/money.ts'
import { formatDay } from '../../format/time.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { pageCalled, writePage } from '../../state/page.ts'
import { placeTime, type SpendPeriod } from '../../state/spend-period.ts'
import { useKeys } from '../../state/use-keys.ts'
import { strings } from '../../strings.ts'

const words = strings.spendPage

export interface SpendFactsProps {
  readonly report: SpendReport | undefined
  /** The same sums by how they are billed. */
  readonly billing: SpendReport | undefined
  readonly period: SpendPeriod
}

/** Billed, saved, not billed, and the budget nearest to its end. */
export function SpendFacts({ report, billing, period }: SpendFactsProps) {
  return (
    <div className="card spend-facts">
      <Billed report={report} period={period} />
      <Saved report={report} />
      <NotBilled billing={billing} />
      <Budget />
    </div>
  )
}

function Billed({ report, period }: Pick<SpendFactsProps, 'report' | 'period'>) {
  const { now } = useSurroundings()
  const totals = report?.totals
  const notes = totals === undefined ? [] : [words.requests(totals.requests)]
  if (totals !== undefined && totals.unknownPriced > 0) notes.push(words.unknownPriced(totals.unknownPriced))
  if (totals !== undefined && totals.estimatedNanoUsd > 0)
    notes.push(words.estimated(formatMoney(totals.estimatedNanoUsd)))
  return (
    <SpendFact label={words.billed(rangeWords(period, now()))} notes={notes}>
      {totals !== undefined && (
        <span title={formatExactMoney(totals.billedNanoUsd)}>{formatMoney(totals.billedNanoUsd)}</span>
      )}
    </SpendFact>
  )
}

function Saved({ report }: Pick<SpendFactsProps, 'report'>) {
  const totals = report?.totals
  if (totals === undefined) return <SpendFact label={words.saved} notes={[]} />
  const costlier = totals.savingsNanoUsd < 0
  const notes = [totals.savingsRequests > 0 ? words.savedOver(totals.savingsRequests) : words.savedNothing]
  if (totals.savingsUnknown > 0) notes.push(words.savedUnknown(totals.savingsUnknown))
  return (
    <SpendFact label={costlier ? words.costlier : words.saved} notes={notes} hint={report?.savingsFormula}>
      {totals.savingsRequests > 0 && formatMoney(Math.abs(totals.savingsNanoUsd))}
    </SpendFact>
  )
}

function NotBilled({ billing }: Pick<SpendFactsProps, 'billing'>) {
  if (billing === undefined) return <SpendFact label={words.notBilled} notes={[]} />
  const row = (name: string) => billing.rows.find((candidate) => candidate.name === name)
  const [local, flatRate, demo] = [row('local'), row('flat_rate'), row('demo')]
  const count = [local, flatRate, demo].reduce((sum, one) => sum + (one?.requests ?? 0), 0)
  const notes: string[] = []
  if (local !== undefined) notes.push(words.about(words.atListPrice.local, formatMoney(local.localNanoUsd)))
  if (flatRate !== undefined)
    notes.push(words.about(words.atListPrice.flat_rate, formatMoney(flatRate.flatRateNanoUsd)))
  if (demo !== undefined) notes.push(words.pretend(formatMoney(demo.demoNanoUsd)))
  if (count === 0) notes.push(words.notBilledNothing)
  return (
    <SpendFact label={words.notBilled} notes={notes}>
      {formatCount(count)} <span className="figure-unit">{words.requestsWord(count)}</span>
    </SpendFact>
  )
}

/** The key whose budget is nearest to its end. */
function Budget() {
  const { now } = useSurroundings()
  const keys = useKeys().data
  const fullest = keys === undefined ? undefined : fullestKey(keys)
  if (fullest === undefined) {
    return (
      <div className="spend-fact">
        <span className="label">{words.budgetMaster}</span>
        {keys !== undefined && (
          <span className="under">
            {words.noBudget} <a href={writePage(pageCalled('keys'))}>{words.setBudget}</a>
          </span>
        )}
      </div>
    )
  }
  const { budget, alias, name } = fullest
  const share = budgetShare(budget) ?? 0
  const pace = budgetPace(budget, now())
  const spent = words.ofBudget(formatMoney(budget.spentNanoUsd), formatMoney(budget.maxNanoUsd ?? 0))
  const expected = pace?.expectedNanoUsd ?? null
  const tooFast = expected !== null && budget.maxNanoUsd !== null && expected > budget.maxNanoUsd
  const end = budget.resetsAt === null ? undefined : formatDay(budget.resetsAt)
  return (
    <div className="spend-fact">
      <span className="label">{words.budget(alias ?? name)}</span>
      <Bar share={share} tick={pace?.elapsed} label={`${words.budget(alias ?? name)}: ${spent}`} />
      <span className="budget-words">{spent}</span>
      {share >= 1 ? (
        <span className="under tone-error">{words.budgetReached}</span>
      ) : tooFast && end !== undefined ? (
        <span className="under tone-warning">
          <IconAlertTriangle size={14} stroke={1.4} aria-hidden="true" /> {words.onPace(formatMoney(expected), end)}
        </span>
      ) : (
        end !== undefined && <span className="under">{words.resets(end)}</span>
      )}
    </div>
  )
}

interface SpendFactProps {
  readonly label: string
  readonly notes: readonly string[]
  readonly hint?: string | undefined
  readonly children?: React.ReactNode
}

function SpendFact({ label, notes, hint, children }: SpendFactProps) {
  const empty = children === undefined || children === false
  return (
    <div className="spend-fact">
      <span className="label">{label}</span>
      <span className="figure">{empty ? '\u2013' : children}</span>
      {notes.map((note) => (
        <span key={note} className="under" title={hint}>
          {note}
        </span>
      ))}
    </div>
  )
}

function fullestKey(keys: readonly KeyView[]): KeyView | undefined {
  const limited = keys.filter((key) => key.budget.maxNanoUsd !== null && !key.blocked)
  return limited.toSorted((one, other) => (budgetShare(other.budget) ?? 0) - (budgetShare(one.budget) ?? 0))[0]
}

function rangeWords(period: SpendPeriod, now: number): string {
  const [first] = period.places
  const last = period.places.at(-1)
  if (first === undefined || last === undefined) return ''
  if (period.bucket === 'hour' && period.until === undefined && placeTime(first) <= now) return words.today
  return words.rangeWords(formatDay(placeTime(first)), formatDay(placeTime(last)))
}
