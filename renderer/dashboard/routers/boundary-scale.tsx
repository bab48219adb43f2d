/* oxlint-disable jsx-a11y/prefer-tag-over-role -- three sliders on one scale, which no range input can be */
import { type PointerEvent, useRef } from 'react'
import type { Boundaries } from '../../contract.ts'
import { tierOrder } from '../../contract.ts'
import { formatScore } from '../../format/figures.ts'
import { tierFrom } from '../../state/router-changes.ts'
import { type BoundaryName, boundaryOrder } from '../../state/router-edits.ts'
import { keyedValue, moveBoundary, placeOn, scoreRange } from '../../state/tier-boundaries.ts'
import { strings } from '../../strings.ts'

const words = strings.routerEditor

export interface BoundaryScaleProps {
  readonly saved: Boundaries
  readonly boundaries: Boundaries
  readonly fixed: boolean
  readonly onChange: (name: BoundaryName, value: number) => void
}

/** All boundaries on one scale of scores: dragged, or moved with the arrow keys; none can cross its neighbour. */
export function BoundaryScale({ saved, boundaries, fixed, onChange }: BoundaryScaleProps) {
  const scale = useRef<HTMLDivElement>(null)
  const range = scoreRange(saved)
  const stops = [range.low, ...boundaryOrder.map((name) => boundaries[name]), range.high]
  const move = (name: BoundaryName, wanted: number) => {
    const value = moveBoundary(boundaries, name, wanted, range)
    if (value !== boundaries[name]) onChange(name, value)
  }
  const drag = (name: BoundaryName, event: PointerEvent) => {
    const box = scale.current?.getBoundingClientRect()
    if (box === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return
    move(name, range.low + ((event.clientX - box.left) / box.width) * (range.high - range.low))
  }
  return (
    <section className="part">
      <header className="part-head">
        <h2>{strings.routers.boundaries}</h2>
        <span>{strings.routers.boundariesNote}</span>
      </header>
      <div ref={scale} className="tier-scale" title={fixed ? undefined : words.boundaries.hint}>
        {tierOrder.map((tier, place) => {
          const left = placeOn(range, stops[place] ?? range.low)
          const width = placeOn(range, stops[place + 1] ?? range.high) - left
          return (
            <span
              key={tier}
              className={`tier-scale-zone tier-${tier.toLowerCase()}`}
              style={{ left: `${left}%`, width: `${width}%` }}
            >
              <span className="tier-scale-word">{width < 9 ? tier[0] : tier}</span>
              <span className="tier-scale-bar" />
            </span>
          )
        })}
        <span className="tier-scale-end">{formatScore(range.low)}</span>
        {boundaryOrder.map((name) => {
          const value = boundaries[name]
          const edited = value !== saved[name]
          return (
            <div
              key={name}
              role="slider"
              tabIndex={fixed ? -1 : 0}
              aria-label={words.boundaries.from(tierFrom[name])}
              aria-valuemin={range.low}
              aria-valuemax={range.high}
              aria-valuenow={value}
              aria-valuetext={formatScore(value)}
              aria-disabled={fixed}
              className={edited ? 'tier-scale-edge tier-scale-edited' : 'tier-scale-edge'}
              style={{ left: `${placeOn(range, value)}%` }}
              onPointerDown={(event) => {
                if (!fixed) event.currentTarget.setPointerCapture(event.pointerId)
              }}
              onPointerMove={(event) => drag(name, event)}
              onKeyDown={(event) => {
                const wanted = fixed ? undefined : keyedValue(event.key, event.shiftKey, value, range)
                if (wanted === undefined) return
                event.preventDefault()
                move(name, wanted)
              }}
            >
              <span className="tier-scale-handle" />
              <span className="tier-scale-value">{formatScore(value)}</span>
            </div>
          )
        })}
        <span className="tier-scale-end tier-scale-high">{formatScore(range.high)}</span>
      </div>
      <p className="under scale-was">
        {boundaryOrder
          .filter((name) => boundaries[name] !== saved[name])
          .map((name) => `${words.boundaries.from(tierFrom[name])} ${words.was(formatScore(saved[name]))}`)
          .join(' · ')}
      </p>
    </section>
  )
}
