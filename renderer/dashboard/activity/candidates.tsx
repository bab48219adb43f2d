import { Lamp } from '../../components/lamp.tsx'
import type { RequestStory } from '../../contract.ts'
import type { LampState } from '../../state/lamp-state.ts'
import { strings } from '../../strings.ts'

const words = strings.activity.candidates

type Outcome = RequestStory['candidates'][number]['outcome']

const lamps: Readonly<Record<Outcome, LampState>> = {
  answered: 'up',
  failed: 'failed',
  skipped: 'away',
  'not needed': 'loading',
}

/** What could have answered, in the order of the plan, each with one verb and its reason. */
export function Candidates({ candidates }: { readonly candidates: RequestStory['candidates'] }) {
  return (
    <section className="part">
      <header className="part-head">
        <h3>{words.title}</h3>
      </header>
      <ul className="story-lines">
        {candidates.map(({ model, deploymentId, outcome, reason }) => (
          <li key={`${outcome} ${model} ${deploymentId}`} className="candidate">
            <Lamp state={lamps[outcome]} />
            <span className="candidate-name" title={model}>
              {model}
            </span>
            <span className={`candidate-words candidate-${outcome.replace(' ', '-')}`}>
              <strong>{words.verbs[outcome]}</strong>
              {reason !== '' && `, ${reason}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
