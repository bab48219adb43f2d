import { useId } from 'react'
import { RequestFailure } from '../../components/failure.tsx'
import type { DimensionName } from '../../contract.ts'
import { formatScore } from '../../format/figures.ts'
import { byWeight, dimensionOrder } from '../../state/dimensions.ts'
import { readWeight } from '../../state/router-edits.ts'
import { strings } from '../../strings.ts'

const words = strings.routerEditor.weights

export interface WeightsProps {
  /** Undefined while they are read. */
  readonly saved: Readonly<Record<DimensionName, number>> | undefined
  readonly typed: Readonly<Partial<Record<DimensionName, string>>>
  readonly fixed: boolean
  /** Why they could not be read. */
  readonly problem: string | undefined
  readonly onAgain: () => void
  readonly onChange: (name: DimensionName, typed: string) => void
}

/** What each dimension weighs: a slider and a field each, heaviest first. */
export function Weights({ saved, typed, fixed, problem, onAgain, onChange }: WeightsProps) {
  const sum = saved && dimensionOrder.reduce((total, name) => total + (readWeight(typed[name] ?? '') ?? saved[name]), 0)
  const most = Math.max(0.5, ...Object.values(saved ?? {}))
  return (
    <section className="part">
      <header className="part-head">
        <h2>{words.title}</h2>
        <span>{sum !== undefined && words.sum(formatScore(sum))}</span>
      </header>
      <div className="weights">
        {saved === undefined && problem !== undefined && (
          <RequestFailure text={words.failed(problem)} onAgain={onAgain} />
        )}
        {saved !== undefined &&
          byWeight(saved).map((name) => (
            <WeightRow
              key={name}
              name={name}
              saved={saved[name]}
              typed={typed[name]}
              most={most}
              fixed={fixed}
              onChange={(text) => onChange(name, text)}
            />
          ))}
      </div>
    </section>
  )
}

interface WeightRowProps {
  readonly name: DimensionName
  readonly saved: number
  readonly typed: string | undefined
  readonly most: number
  readonly fixed: boolean
  readonly onChange: (typed: string) => void
}

function WeightRow({ name, saved, typed, most, fixed, onChange }: WeightRowProps) {
  const id = useId()
  const weight = typed === undefined ? saved : readWeight(typed)
  const edited = weight !== saved
  const shown = weight ?? saved
  const share = (value: number) => Math.min(1, Math.max(0, value / most))
  const places = { '--fill': `${share(shown) * 100}%`, '--was-share': share(saved) } as React.CSSProperties
  const look = `weight${edited ? ' weight-edited' : ''}${shown === 0 ? ' weight-none' : ''}`
  return (
    <div className={look}>
      <label htmlFor={id} className="weight-name">
        {name}
      </label>
      <span className="weight-slider" style={places}>
        <input
          type="range"
          aria-label={words.slider(name)}
          min={0}
          max={most}
          step={0.01}
          value={Math.min(most, Math.max(0, shown))}
          disabled={fixed}
          onChange={(event) => onChange(Number(event.target.value).toFixed(2))}
        />
        {edited && <span className="weight-tick" />}
      </span>
      <input
        id={id}
        className="input weight-field"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        value={typed ?? saved.toFixed(decimalsOf(saved))}
        disabled={fixed}
        aria-invalid={weight === undefined}
        aria-describedby={edited ? `${id}-below` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <span className="under weight-was">{edited && strings.routerEditor.was(formatScore(saved))}</span>
      {weight === undefined && (
        <p id={`${id}-below`} className="field-error weight-problem">
          {words.problem(typed ?? '')}
        </p>
      )}
    </div>
  )
}

/** At least two, as many as the file has. */
function decimalsOf(value: number): number {
  const [, fraction = ''] = String(value).split('.')
  return Math.min(6, Math.max(2, fraction.length))
}
