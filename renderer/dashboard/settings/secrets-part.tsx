import { useState } from 'react'
import { RequestFailure, failureReason } from '../../components/failure.tsx'
import { ChoiceField } from '../../components/field.tsx'
import { SecretEntry } from '../../components/secret-entry.tsx'
import { SecretStorePart } from '../../components/secret-store.tsx'
import type { SecretList, Setup } from '../../contract.ts'
import { useSecretChange } from '../../state/use-secret-change.ts'
import { useSecrets, useSetup } from '../../state/use-settings.ts'
import { strings } from '../../strings.ts'
import { SecretRow } from './secret-row.tsx'

const words = strings.secrets

/** Provider keys: where each was found, entered once, tried, removed. No value is ever shown. */
export function SecretsPart({ offline }: { readonly offline: boolean }) {
  const secrets = useSecrets()
  const setup = useSetup()
  if (secrets.isError && secrets.data === undefined) {
    return <RequestFailure text={words.failed(failureReason(secrets.error))} onAgain={() => void secrets.refetch()} />
  }
  if (secrets.data === undefined) return <div className="card card-waiting still" />
  const { store, secrets: list } = secrets.data
  return (
    <>
      <SecretStorePart store={store} offline={offline} />
      {list.length === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <ul className="secret-list" aria-label={words.label}>
          {list.map((secret) => (
            <SecretRow key={secret.name} secret={secret} store={store} offline={offline} />
          ))}
        </ul>
      )}
      <AddSecret list={secrets.data} providers={setup.data?.providers ?? []} offline={offline} />
    </>
  )
}

interface AddSecretProps {
  readonly list: SecretList
  readonly providers: Setup['providers']
  readonly offline: boolean
}

/** A key for a provider that the config does not name yet. */
function AddSecret({ list, providers, offline }: AddSecretProps) {
  const [adding, setAdding] = useState(false)
  const [name, setName] = useState('')
  const change = useSecretChange(name)
  const free = providers.filter(({ keyName }) => !list.secrets.some((secret) => secret.name === keyName))
  if (free.length === 0) return null
  if (!adding) {
    return (
      <div>
        <button type="button" className="button" onClick={() => setAdding(true)}>
          {words.add}
        </button>
        {change.said !== undefined && <output className="under said">{change.said}</output>}
      </div>
    )
  }
  const options = free.map(({ name: provider, keyName }) => ({ value: keyName, label: `${provider} (${keyName})` }))
  return (
    <div className="form">
      <ChoiceField
        label={words.provider}
        value={name}
        options={[{ value: '', label: words.chooseProvider }, ...options]}
        onChange={(next) => {
          change.reset()
          setName(next)
        }}
      />
      {name !== '' && (
        <SecretEntry
          key={name}
          name={name}
          change={change}
          testable
          offline={offline}
          refused={list.store.state === 'ready' && list.store.kind !== 'none' ? undefined : list.store.sentence}
          onSaved={() => setAdding(false)}
          onCancel={() => setAdding(false)}
        />
      )}
    </div>
  )
}
