import { useState } from 'react'
import { Lamp } from '../../components/lamp.tsx'
import { SecretEntry } from '../../components/secret-entry.tsx'
import { SecretTestLines } from '../../components/secret-test.tsx'
import type { SecretStoreView, SecretView } from '../../contract.ts'
import { useSecretChange } from '../../state/use-secret-change.ts'
import { strings } from '../../strings.ts'

const words = strings.secrets

export interface SecretRowProps {
  readonly secret: SecretView
  readonly store: SecretStoreView
  readonly offline: boolean
}

/** One key: where it was found, and what can be done with it. */
export function SecretRow({ secret, store, offline }: SecretRowProps) {
  const [open, setOpen] = useState<'enter' | 'remove'>()
  const change = useSecretChange(secret.name)
  const { name, found, testable, stored } = secret
  const missing = found === 'missing'
  const button = (act: string, onClick: () => void) => (
    <button
      type="button"
      className="button button-small"
      aria-label={words.actOf(act, name)}
      disabled={offline || change.pending}
      onClick={onClick}
    >
      {act}
    </button>
  )
  return (
    <li className="secret-row">
      <div className="secret-line">
        <Lamp state={missing ? (secret.wanted ? 'failed' : 'off') : 'up'} />
        <span className="name-block">
          <code className="name">{name}</code>
          <span className="under">{wordsOf(secret)}</span>
        </span>
        <span className="secret-acts">
          {testable && !missing && button(words.test, () => change.test(undefined))}
          {button(missing ? words.enter : words.replace, () => setOpen('enter'))}
          {stored && button(words.remove, () => setOpen('remove'))}
        </span>
      </div>
      {open === undefined && (
        <>
          <SecretTestLines change={change} />
          {change.problem !== undefined && (
            <p className="field-error" role="alert">
              {change.problem}
            </p>
          )}
          {change.said !== undefined && <output className="under">{change.said}</output>}
        </>
      )}
      {open === 'enter' && (
        <SecretEntry
          name={name}
          change={change}
          testable={testable}
          offline={offline}
          refused={store.state === 'ready' && store.kind !== 'none' ? undefined : store.sentence}
          onSaved={() => setOpen(undefined)}
          onCancel={() => setOpen(undefined)}
        />
      )}
      {open === 'remove' && (
        <div className="question" role="alert">
          <p>{words.removeQuestion(name, secret.models.length)}</p>
          <div className="question-acts">
            <button type="button" className="button" onClick={() => setOpen(undefined)}>
              {strings.cancel}
            </button>
            <button
              type="button"
              className="button button-danger"
              disabled={offline}
              onClick={() => {
                change.remove()
                setOpen(undefined)
              }}
            >
              {words.removeYes}
            </button>
          </div>
        </div>
      )}
    </li>
  )
}

function wordsOf({ found, lastFour, models, providers, wanted }: SecretView): string {
  return [
    ...(providers.length > 0 ? [providers.join(', ')] : []),
    words.places[found],
    ...(lastFour === null ? [] : [words.lastFour(lastFour)]),
    ...(wanted ? [words.models(models.length)] : []),
  ].join(' · ')
}
