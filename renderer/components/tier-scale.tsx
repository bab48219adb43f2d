/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a drawing made of elements that stretch, which img cannot hold */
import type { Boundaries } from '../contract.ts'
import { formatScore } from '../format/figures.ts'
import { layoutWaterfall } from '../format/waterfall.ts'
import { strings } from '../strings.ts'

/** The boundaries of a router as one scale. Read-only: they are changed in config.yaml. */
export function TierScale({ boundaries }: { readonly boundaries: Boundaries }) {
  const scale = layoutWaterfall([], 0, boundaries)
  const words = scale.zones.map((zone, index) => {
    const next = scale.boundaries[index]
    return next === undefined ? zone.tier : `${zone.tier} ${strings.why.under(formatScore(next.value))}`
  })
  return (
    <div className="tier-scale" role="img" aria-label={words.join(', ')}>
      {scale.zones.map((zone) => (
        <span
          key={zone.tier}
          className={`tier-scale-zone tier-${zone.tier.toLowerCase()}`}
          style={{ left: `${zone.left}%`, width: `${zone.width}%` }}
        >
          <span className="tier-scale-word">{zone.tier}</span>
          <span className="tier-scale-bar" />
        </span>
      ))}
      {scale.boundaries.map((boundary) => (
        <span key={boundary.value} className="tier-scale-edge" style={{ left: `${boundary.at}%` }}>
          {formatScore(boundary.value)}
        </span>
      ))}
    </div>
  )
}
