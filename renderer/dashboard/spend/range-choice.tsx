import { useId, useState } from 'react'
import { Segmented } from '../../components/segmented.tsx'
import { useSurroundings } from '../../state/live-context.tsx'
import { dayName, periodOf, rangeProblem, type SpendRange } from '../../state/spend-period.ts'
import { strings } from '../../strings.ts'

const words = strings.spendPage
const names = ['today', '7d', '30d', 'custom'] as const
const options = names.map((value) => ({ value, label: words.ranges[value] }))

interface RangeChoiceProps {
  readonly range: SpendRange
  readonly onChange: (range: SpendRange) => void
}

/** Today, 7 or 30 days, or two days to type. What cannot be asked for is said below, and the range before it stays. */
export function RangeChoice({ range, onChange }: RangeChoiceProps) {
  const { now } = useSurroundings()
  const choose = (name: SpendRange['name']) => {
    if (name !== 'custom') return onChange({ name })
    const { since } = periodOf(range, now())
    return onChange({ name, from: dayName(since), to: dayName(now()) })
  }
  return (
    <div className="range-choice">
      {range.name === 'custom' && <CustomRange range={range} onChange={onChange} />}
      <Segmented label={words.ranges.label} options={options} value={range.name} onChange={choose} />
    </div>
  )
}

interface CustomRangeProps {
  readonly range: Extract<SpendRange, { name: 'custom' }>
  readonly onChange: (range: SpendRange) => void
}

function CustomRange({ range, onChange }: CustomRangeProps) {
  const [typed, setTyped] = useState({ from: range.from, to: range.to })
  const problemId = useId()
  const problem = rangeProblem(typed.from, typed.to)
  const change = (part: Partial<typeof typed>) => {
    const next = { ...typed, ...part }
    setTyped(next)
    if (rangeProblem(next.from, next.to) === undefined) onChange({ name: 'custom', ...next })
  }
  const field = (name: 'from' | 'to') => (
    <input
      type="date"
      className="input input-date"
      aria-label={words.custom[name]}
      aria-invalid={problem !== undefined}
      aria-describedby={problem === undefined ? undefined : problemId}
      value={typed[name]}
      onChange={(event) => change({ [name]: event.target.value })}
    />
  )
  return (
    <div className="custom-range">
      {field('from')}
      <span aria-hidden="true">–</span>
      {field('to')}
      {problem !== undefined && (
        <p id={problemId} className="custom-range-problem field-error">
          {words.custom[problem]}
        </p>
      )}
    </div>
  )
}
