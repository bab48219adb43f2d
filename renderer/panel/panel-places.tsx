import { Lamp } from '../components/lamp.tsx'
import { useSurroundings } from '../state/live-context.tsx'
import { type PlaceLine, placeLines } from '../state/panel-lines.ts'
import { useFollowed } from '../state/use-followed.ts'
import { useNetwork } from '../state/use-network.ts'
import { strings } from '../strings.ts'

const shownLines = 2
const everyMs = 5_000
const words = strings.panel

/** Local servers and hosts, two lines, troubled ones first. */
export function PanelPlaces() {
  const { client } = useSurroundings()
  const backends = useFollowed(['backends'], client.backends, everyMs)
  const network = useNetwork()
  if (backends.data === undefined) return null
  const lines = placeLines(backends.data.backends, network)
  const hidden = lines.length - shownLines
  return (
    <section className="panel-section panel-places">
      <div className="section-line">
        <h2 className="label">{words.backends}</h2>
        {hidden > 0 && <span className="label">{words.more(hidden)}</span>}
      </div>
      {lines.length === 0 && <p className="under">{words.noBackends}</p>}
      {lines.slice(0, shownLines).map((line) => (
        <Place key={line.name} line={line} />
      ))}
    </section>
  )
}

function Place({ line }: { readonly line: PlaceLine }) {
  return (
    <p className="place">
      <Lamp state={line.lamp} />
      <span className="place-name">{line.name}</span>
      <span className={line.troubled ? 'place-words tone-warning' : 'place-words'} title={line.words}>
        {line.words}
      </span>
    </p>
  )
}
