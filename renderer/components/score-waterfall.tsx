import type { Boundaries, Tier } from '../contract.ts'
import { formatContribution, formatScore } from '../format/figures.ts'
import { layoutWaterfall, type Waterfall } from '../format/waterfall.ts'
import { strings } from '../strings.ts'
import { TierShape, tierPaths } from './tier-shape.tsx'

export interface ScoreStep {
  readonly name: string
  readonly adds: number
  /** Words that fired; undefined where they are not known any more. */
  readonly words: readonly string[] | undefined
}

export interface ScoreWaterfallProps {
  readonly steps: readonly ScoreStep[]
  readonly score: number
  readonly tier: Tier
  readonly boundaries: Boundaries
}

const rowHeight = 27
const headHeight = 22
const shownWords = 2

/** The score as a sum: each dimension's bar begins where the one above ended, over the zones of the tiers. */
export function ScoreWaterfall({ steps, score, tier, boundaries }: ScoreWaterfallProps) {
  const waterfall = layoutWaterfall(
    steps.map((step) => step.adds),
    score,
    boundaries,
  )
  const withWords = steps.some((step) => step.words !== undefined)
  return (
    <div className={`waterfall${withWords ? ' waterfall-with-words' : ''}`}>
      <table className="waterfall-table">
        <caption className="visually-hidden">{strings.explain.caption}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{strings.explain.dimension}</span>
            </th>
            {withWords && (
              <th scope="col">
                <span className="visually-hidden">{strings.explain.words}</span>
              </th>
            )}
            <td className="waterfall-space" />
            <th scope="col" className="waterfall-adds">
              {strings.why.adds}
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <StepRow key={step.name} step={step} withWords={withWords} />
          ))}
          <tr className="waterfall-total">
            <th scope="row">{strings.why.total}</th>
            {withWords && <td />}
            <td />
            <td className="waterfall-adds">{formatScore(score)}</td>
          </tr>
        </tbody>
      </table>
      <div className="waterfall-chart" aria-hidden="true">
        <Chart waterfall={waterfall} tier={tier} rows={steps.length} />
      </div>
    </div>
  )
}

function StepRow({ step, withWords }: { readonly step: ScoreStep; readonly withWords: boolean }) {
  const words = step.words ?? []
  return (
    <tr className={step.adds === 0 ? 'waterfall-idle' : undefined}>
      <th scope="row">{step.name}</th>
      {withWords && (
        <td className="waterfall-words" title={words.length > shownWords ? words.join(', ') : undefined}>
          {words.length === 0 && step.adds === 0 && strings.why.nothingFired}
          {words.slice(0, shownWords).map((word) => (
            <span key={word} className="word">
              {word}
            </span>
          ))}
          {words.length > shownWords && <span className="word">+{words.length - shownWords}</span>}
        </td>
      )}
      <td />
      <td className="waterfall-adds">{formatContribution(step.adds)}</td>
    </tr>
  )
}

function Chart({ waterfall, tier, rows }: { readonly waterfall: Waterfall; readonly tier: Tier; readonly rows: number }) {
  const bottom = headHeight + (rows + 1) * rowHeight
  const percent = (value: number) => `${value}%`
  return (
    <>
      <svg width="100%" height={bottom + 18}>
        {waterfall.zones.map((zone) => (
          <rect
            key={zone.tier}
            className={`zone tier-${zone.tier.toLowerCase()}`}
            x={percent(zone.left)}
            width={percent(zone.width)}
            y={0}
            height={bottom}
          />
        ))}
        {waterfall.boundaries.map((boundary, index) => (
          <line
            key={boundary.value}
            className={`zone-edge tier-${['medium', 'complex', 'reasoning'][index]}`}
            x1={percent(boundary.at)}
            x2={percent(boundary.at)}
            y1={0}
            y2={bottom}
          />
        ))}
        <line className="zero" x1={percent(waterfall.zero)} x2={percent(waterfall.zero)} y1={headHeight} y2={bottom} />
        {waterfall.bars.map((bar, index) => (
          <rect
            // Steps keep their order, and two may be equal.
            key={`${index}:${bar.left}`}
            className={bar.negative ? 'step step-negative' : 'step'}
            x={percent(bar.left)}
            width={percent(bar.width)}
            y={headHeight + index * rowHeight + 8}
            height={11}
          />
        ))}
        <line
          className={`score-line tier-${tier.toLowerCase()}`}
          x1={percent(waterfall.score)}
          x2={percent(waterfall.score)}
          y1={headHeight}
          y2={bottom}
        />
        <svg x={percent(waterfall.score)} y={bottom - rowHeight / 2 - 5} overflow="visible">
          <path className={`score-mark tier-${tier.toLowerCase()}`} transform="translate(-5 0)" d={tierPaths[tier]} />
        </svg>
        {waterfall.boundaries.map((boundary) => (
          <text key={boundary.value} className="edge-label" x={percent(boundary.at)} y={bottom + 14} textAnchor="middle">
            {formatScore(boundary.value)}
          </text>
        ))}
      </svg>
      <div className="zone-heads">
        {waterfall.zones.map((zone) => (
          <span
            key={zone.tier}
            className={`zone-head tier-${zone.tier.toLowerCase()}`}
            style={{ left: percent(zone.left), width: percent(zone.width) }}
          >
            <TierShape tier={zone.tier} size={8} />
            {zone.tier[0]}
          </span>
        ))}
      </div>
    </>
  )
}
