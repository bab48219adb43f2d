/* oxlint-disable jsx-a11y/control-has-associated-label -- cells without words lie under the drawing, which is decoration */
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
/** More stand in the tooltip. */
const mostWords = 2
const headHeight = 22

/**
 * The score as a sum: each dimension's bar begins where the one above ended, over the zones of the tiers. Where it is
 * narrow the words stand below it.
 */
export function ScoreWaterfall({ steps, score, tier, boundaries }: ScoreWaterfallProps) {
  const waterfall = layoutWaterfall(
    steps.map((step) => step.adds),
    score,
    boundaries,
  )
  const withWords = steps.some((step) => step.words !== undefined)
  const fired = steps.flatMap((step) => step.words ?? [])
  return (
    <div className="waterfall-frame">
      <div className={`waterfall${withWords ? ' waterfall-with-words' : ''}`}>
        <table className="waterfall-table">
          <caption className="visually-hidden">{strings.explain.caption}</caption>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">{strings.explain.dimension}</span>
              </th>
              {withWords && (
                <th scope="col" className="waterfall-words">
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
              {withWords && <td className="waterfall-words" />}
              <td />
              <td className="waterfall-adds">{formatScore(score)}</td>
            </tr>
          </tbody>
        </table>
        <div className="waterfall-chart" aria-hidden="true">
          <Chart waterfall={waterfall} tier={tier} names={steps.map((step) => step.name)} />
        </div>
      </div>
      {fired.length > 0 && <p className="waterfall-fired under">{strings.explain.fired(fired.join(', '))}</p>}
    </div>
  )
}

function StepRow({ step, withWords }: { readonly step: ScoreStep; readonly withWords: boolean }) {
  const words = step.words ?? []
  return (
    <tr className={step.adds === 0 ? 'waterfall-idle' : undefined}>
      <th scope="row">{step.name}</th>
      {withWords && (
        <td className="waterfall-words" title={words.length > 0 ? words.join(', ') : undefined}>
          {words.length === 0 && step.adds === 0 && strings.why.nothingFired}
          {words.slice(0, mostWords).map((word) => (
            <span key={word} className="word-chip">
              {word}
            </span>
          ))}
          {words.length > mostWords && <span className="word-chip word-more">+{words.length - mostWords}</span>}
        </td>
      )}
      <td />
      <td className="waterfall-adds">{formatContribution(step.adds)}</td>
    </tr>
  )
}

interface ChartProps {
  readonly waterfall: Waterfall
  readonly tier: Tier
  readonly names: readonly string[]
}

function Chart({ waterfall, tier, names }: ChartProps) {
  const bottom = headHeight + (names.length + 1) * rowHeight
  const mark = `tier-${tier.toLowerCase()}`
  return (
    <>
      <svg width="100%" height={bottom + 18}>
        <Zones waterfall={waterfall} bottom={bottom} />
        <line className="zero" x1={percent(waterfall.zero)} x2={percent(waterfall.zero)} y1={headHeight} y2={bottom} />
        {waterfall.bars.map((bar, index) => (
          <rect
            key={names[index]}
            className={bar.negative ? 'step step-negative' : 'step'}
            x={percent(bar.left)}
            width={percent(bar.width)}
            y={headHeight + index * rowHeight + 8}
            height={11}
          />
        ))}
        <line
          className={`score-line ${mark}`}
          x1={percent(waterfall.score)}
          x2={percent(waterfall.score)}
          y1={headHeight}
          y2={bottom}
        />
        <svg x={percent(waterfall.score)} y={bottom - rowHeight / 2 - 5} overflow="visible">
          <path className={`score-mark ${mark}`} transform="translate(-5 0)" d={tierPaths[tier]} />
        </svg>
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

/** The tiers' zones behind the bars, the lines between them and their figures below. */
function Zones({ waterfall, bottom }: { readonly waterfall: Waterfall; readonly bottom: number }) {
  return (
    <>
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
        <g key={boundary.value}>
          <line
            className={`zone-edge tier-${['medium', 'complex', 'reasoning'][index]}`}
            x1={percent(boundary.at)}
            x2={percent(boundary.at)}
            y1={0}
            y2={bottom}
          />
          <text className="edge-label" x={percent(boundary.at)} y={bottom + 14} textAnchor="middle">
            {formatScore(boundary.value)}
          </text>
        </g>
      ))}
    </>
  )
}

function percent(value: number): string {
  return `${value}%`
}
