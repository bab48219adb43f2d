import type { SecretChange } from '../state/use-secret-change.ts'
import { strings } from '../strings.ts'
import { Lamp } from './lamp.tsx'

/** What the providers said of a key, a line each. */
export function SecretTestLines({ change }: { readonly change: SecretChange }) {
  if (change.testing) return <p className="under still">{strings.secrets.testing}</p>
  if (change.tested === undefined) return null
  return (
    <output className="secret-results">
      {change.tested.results.map(({ provider, host, works, sentence }) => (
        <span key={provider} className="secret-result">
          <Lamp state={works ? 'up' : 'failed'} />
          <span>
            <span className="name">{provider}</span> <span className="under">{host}</span> {sentence}
          </span>
        </span>
      ))}
    </output>
  )
}
