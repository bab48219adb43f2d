import { IconAlertTriangle } from '@tabler/icons-react'
import { Lamp } from '../../components/lamp.tsx'
import type { NetworkPathView, NetworkView } from '../../contract.ts'
import { formatClockShort, formatDay, formatStamp, isSameDay } from '../../format/time.ts'
import { type DiagramRow, diagramRows, forkLines } from '../../state/line-diagram.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { strings } from '../../strings.ts'

const words = strings.backends.lines
const forkWidth = 110
const rowHeight = 50

/** The ways out of this machine, a line each with a lamp per hop, and the one sentence on what is lost. */
export function LineDiagram({ network }: { readonly network: NetworkView }) {
  const rows = diagramRows(network.paths)
  if (rows.length === 0) return null
  return (
    <section className="card lines-card" aria-label={words.title}>
      <div className="lines">
        <div className="lines-machine">
          <span className="lines-name">{strings.backends.thisMachine}</span>
          <span className="under">{network.machine.address ?? words.noAddress}</span>
        </div>
        <Lamp state="up" />
        <svg className="lines-fork" width={forkWidth} height={rows.length * rowHeight} aria-hidden="true">
          {forkLines(rows, forkWidth, rowHeight).map((line) => (
            <path key={line} d={line} />
          ))}
        </svg>
        <ul className="lines-rows">
          {rows.map((row) => (
            <Row key={row.key} row={row} />
          ))}
        </ul>
      </div>
      <Trouble network={network} />
    </section>
  )
}

function Row({ row }: { readonly row: DiagramRow }) {
  const { path, end, first, hop, lamp, lost } = row
  const { now } = useSurroundings()
  const since = path.since ?? end.since
  const clock = since === null ? undefined : isSameDay(since, now()) ? formatClockShort(since) : formatDay(since)
  const label = first ? pathWords(path, clock) : ''
  return (
    <li className={first ? 'line-row' : 'line-row line-branch'}>
      <span className="line-hop">{first && <Lamp state={hop} />}</span>
      <span
        className={lost ? 'line-stretch line-lost' : 'line-stretch'}
        title={lost && since !== null ? formatStamp(since) : undefined}
      >
        <span className="under line-label">{label}</span>
      </span>
      <Lamp state={lamp} />
      <span className="name-block">
        <span className="lines-name">{end.name}</span>
        <span className="under">
          {end.serves.length > 0 ? end.serves.join(', ') : end.address}
          <span className="visually-hidden">, {words.states[end.state]}</span>
        </span>
      </span>
    </li>
  )
}

function pathWords({ interface: name, kind, tunnel, state }: NetworkPathView, since: string | undefined): string {
  const parts = [kind === 'loopback' ? words.loopback : (name ?? words.noWay), tunnel].filter((part) => part !== null)
  if (state !== 'up') parts.push(words.paths[state](since))
  return parts.join(', ')
}

/** What to do, and what happens until then. */
function Trouble({ network }: { readonly network: NetworkView }) {
  const lost = network.hosts.find(({ state, reason }) => reason !== null && state !== 'unknown' && state !== 'starting')
  const sentence = network.vpn.sentence ?? lost?.reason
  if (sentence === null || sentence === undefined) return null
  return (
    <p className="lines-trouble">
      <IconAlertTriangle size={16} stroke={1.4} aria-hidden="true" />
      <span>
        <strong>{sentence.endsWith('.') ? sentence : `${sentence}.`}</strong>{' '}
        {network.standIns
          .map(({ model, insteadOf, tier }) =>
            model === null ? words.noStandIn(tier, insteadOf) : words.standIn(model, tier),
          )
          .filter((one, place, all) => all.indexOf(one) === place)
          .join(' ')}
      </span>
      <span className="lines-note">{words.byItself}</span>
    </p>
  )
}
