import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import type { SecretStoreChoice, SecretStoreView } from '../contract.ts'
import { failureReason } from '../state/failure-reason.ts'
import { useSurroundings } from '../state/live-context.tsx'
import { secretsQuery } from '../state/use-settings.ts'
import { strings } from '../strings.ts'
import { Field } from './field.tsx'

const words = strings.secrets.store
const shortest = 8

export interface SecretStorePartProps {
  readonly store: SecretStoreView
  readonly offline: boolean
}

/** Where keys are kept; without a keychain the choice, and a locked file's passphrase. Never plain text, never in silence. */
export function SecretStorePart({ store, offline }: SecretStorePartProps) {
  return (
    <div className="secret-store">
      <p className={store.state === 'ready' ? 'quiet' : 'tone-warning'}>{store.sentence}</p>
      {store.state === 'locked' && <Unlock offline={offline} />}
      {store.state === 'unavailable' && store.choices.length > 0 && <Choice store={store} offline={offline} />}
    </div>
  )
}

function useStoreChange<Given>(act: (given: Given) => Promise<unknown>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: act, onSuccess: () => queries.invalidateQueries({ queryKey: secretsQuery }) })
}

function Unlock({ offline }: { readonly offline: boolean }) {
  const { client } = useSurroundings()
  const [passphrase, setPassphrase] = useState('')
  const [wrong, setWrong] = useState<string>()
  const unlock = useStoreChange(() => client.unlockSecrets({ passphrase }))
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (passphrase === '') return setWrong(words.wanted)
    unlock.mutate(undefined)
  }
  const failed = unlock.isError ? words.failed(failureReason(unlock.error)) : undefined
  return (
    <form className="form" noValidate onSubmit={send}>
      <Field
        masked
        label={words.passphrase}
        value={passphrase}
        problem={wrong ?? failed}
        onChange={(typed) => {
          setPassphrase(typed)
          setWrong(undefined)
          unlock.reset()
        }}
      />
      <div>
        <button type="submit" className="button button-primary" disabled={offline || unlock.isPending}>
          {words.unlock}
        </button>
      </div>
    </form>
  )
}

function Choice({ store, offline }: SecretStorePartProps) {
  const { client } = useSurroundings()
  const group = useId()
  const [kind, setKind] = useState<SecretStoreChoice['kind']>(store.choices[0] ?? 'environment')
  const [typed, setTyped] = useState({ first: '', second: '' })
  const [problems, setProblems] = useState<{ first?: string; second?: string }>({})
  const choose = useStoreChange((choice: SecretStoreChoice) => client.chooseSecretStore(choice))
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (kind !== 'file') return choose.mutate({ kind })
    const found = {
      ...(typed.first.length < shortest ? { first: words.short(typed.first.length) } : {}),
      ...(typed.first === typed.second ? {} : { second: words.differs }),
    }
    setProblems(found)
    if (Object.keys(found).length === 0) choose.mutate({ kind, passphrase: typed.first })
  }
  const bind = (name: 'first' | 'second') => ({
    value: typed[name],
    problem: problems[name],
    onChange: (text: string) => {
      setTyped((before) => ({ ...before, [name]: text }))
      setProblems({})
      choose.reset()
    },
  })
  return (
    <form className="form" noValidate onSubmit={send}>
      <fieldset className="choices">
        <legend className="visually-hidden">{words.title}</legend>
        {store.choices.map((choice) => (
          <label key={choice} className="choice">
            <input type="radio" name={group} checked={choice === kind} onChange={() => setKind(choice)} />
            {words.choice[choice]}
          </label>
        ))}
      </fieldset>
      {kind === 'file' && (
        <div className="field-pair">
          <Field masked label={words.passphrase} hint={words.passphraseHint} {...bind('first')} />
          <Field masked label={words.repeat} {...bind('second')} />
        </div>
      )}
      {choose.isError && (
        <p className="field-error" role="alert">
          {words.failed(failureReason(choose.error))}
        </p>
      )}
      <div>
        <button type="submit" className="button button-primary" disabled={offline || choose.isPending}>
          {words.use}
        </button>
      </div>
    </form>
  )
}
