import type { ChangedPlace } from '../../contract.ts'
import { strings } from '../../strings.ts'

const words = strings.agentsPage.review

/** Places that somebody changed since the export: what we wrote, what stands there, and what would stand there. */
export function AgentReview({ places }: { readonly places: readonly ChangedPlace[] }) {
  return (
    <section className="pane-part">
      <h3>{words.title}</h3>
      <p className="under">{words.note}</p>
      {places.map((place) => (
        <div key={`${place.path} ${place.place}`} className="changed-place">
          <p className="under breakable">
            <code>{place.path}</code>
            {place.place !== null && (
              <>
                {' '}
                <strong>{place.place}</strong>
              </>
            )}
          </p>
          {place.place === null ? (
            <p>{words.whole}</p>
          ) : (
            <dl className="three-texts">
              <Text name={words.ours} value={place.ours} />
              <Text name={words.now} value={place.now} changed />
              <Text name={words.after} value={place.after} />
            </dl>
          )}
        </div>
      ))}
    </section>
  )
}

interface TextProps {
  readonly name: string
  readonly value: string | null
  readonly changed?: boolean
}

function Text({ name, value, changed = false }: TextProps) {
  return (
    <div>
      <dt className="label">{name}</dt>
      <dd className={changed ? 'three-text three-text-now' : 'three-text'}>
        {value === null ? <span className="under">{words.nothing}</span> : <code>{value}</code>}
      </dd>
    </div>
  )
}
