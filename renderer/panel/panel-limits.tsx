import { Bar, barTone } from '../components/bar.tsx'
import { formatShare } from '../format/figures.ts'
import { useSurroundings } from '../state/live-context.tsx'
import { type LimitLine, limitLines } from '../state/panel-lines.ts'
import { useFollowed } from '../state/use-followed.ts'
import { useKeys } from '../state/use-keys.ts'
import { strings } from '../strings.ts'

const shownBars = 2
/** Windows of a minute end while nothing is asked. */
const everyMs = 15_000
const words = strings.panel

/** Two budgets or quotas, nearest to their end first. */
export function PanelLimits() {
  const { client, now } = useSurroundings()
  const keys = useKeys()
  const quotas = useFollowed(['quotas'], client.quotas, everyMs)
  if (keys.data === undefined || quotas.data === undefined) return null
  const lines = limitLines(keys.data, quotas.data, now())
  if (lines.length === 0) {
    return (
      <section className="panel-section">
        <h2 className="visually-hidden">{words.limits}</h2>
        <p className="under">{words.noLimits}</p>
      </section>
    )
  }
  return (
    <section className="panel-section panel-limits">
      <h2 className="visually-hidden">{words.limits}</h2>
      {lines.slice(0, shownBars).map((line) => (
        <Limit key={line.id} line={line} />
      ))}
    </section>
  )
}

function Limit({ line }: { readonly line: LimitLine }) {
  const tone = barTone(line.share)
  const figure = tone === 'reached' ? words.reached : formatShare(line.share)
  const toneClass = { plain: '', near: 'tone-warning', reached: 'tone-error' }[tone]
  return (
    <div className="limit">
      <p className="limit-words">
        <span className="limit-name" title={line.name}>
          {line.name}
        </span>
        <span className={toneClass}>{figure}</span>
      </p>
      <Bar share={line.share} label={`${line.name}: ${figure}`} />
      <p className="under">{line.note}</p>
    </div>
  )
}
