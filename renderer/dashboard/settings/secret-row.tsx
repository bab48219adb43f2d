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
  // Neither tried, replaced nor removed before the store is unlocked.
  const locked = stored && store.state === 'locked'
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
        <Lamp state={lampOf(secret, locked)} />
        <span className="name-block">
          <code className="name">{name}</code>
          <span className="under">{wordsOf(secret, locked)}</span>
        </span>
        <span className="secret-acts">
          {testable && !missing && button(words.test, () => change.test(undefined))}
          {!locked && button(missing ? words.enter : words.replace, () => setOpen('enter'))}
          {stored && !locked && button(words.remove, () => setOpen('remove'))}
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

function lampOf({ found, wanted }: SecretView, locked: boolean) {
  if (found !== 'missing') return 'up'
  if (locked) return 'away'
  return wanted ? 'failed' : 'off'
}

function wordsOf({ found, lastFour, models, providers, wanted }: SecretView, locked: boolean): string {
  return [
    ...(providers.length > 0 ? [providers.join(', ')] : []),
    locked && found === 'missing' ? words.lockedPlace : words.places[found],
    ...(lastFour === null ? [] : [words.lastFour(lastFour)]),
    ...(wanted ? [words.models(models.length)] : []),
  ].join(' · ')
}
