import { useState } from 'react'
import { ChoiceField } from '../../components/field.tsx'
import { Lamp } from '../../components/lamp.tsx'
import { SecretEntry } from '../../components/secret-entry.tsx'
import { SecretStorePart } from '../../components/secret-store.tsx'
import type { SecretStoreView, Setup } from '../../contract.ts'
import { useSecretChange } from '../../state/use-secret-change.ts'
import { useSecrets } from '../../state/use-settings.ts'
import { strings } from '../../strings.ts'
import { ProviderModelsPart } from './provider-models.tsx'

const words = strings.setupPage.key

type Provider = Setup['providers'][number]

/** A provider, its key, and which of its models are to be used. */
export function KeyStop({ setup, offline }: { readonly setup: Setup; readonly offline: boolean }) {
  const { providers } = setup
  const secrets = useSecrets()
  const [chosen, setChosen] = useState('')
  const have = providers.filter(({ hasKey }) => hasKey)
  const provider = providers.find(({ name }) => name === chosen)
  const store = secrets.data?.store
  return (
    <div className="agent-parts">
      {have.length > 0 && (
        <div>
          <p className="label">{words.have}</p>
          <ul className="have-keys">
            {have.map(({ name, keyName }) => (
              <li key={name} className="state-word">
                <Lamp state="up" />
                {name} <code className="under">{keyName}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
      {store !== undefined && store.state !== 'ready' && <SecretStorePart store={store} offline={offline} />}
      <ChoiceField
        label={words.provider}
        value={chosen}
        options={[{ value: '', label: words.choose }, ...providers.map(({ name }) => ({ value: name, label: name }))]}
        onChange={setChosen}
      />
      {provider !== undefined && (
        <ProviderKey key={provider.name} provider={provider} store={store} offline={offline} />
      )}
    </div>
  )
}

interface ProviderKeyProps {
  readonly provider: Provider
  readonly store: SecretStoreView | undefined
  readonly offline: boolean
}

function ProviderKey({ provider, store, offline }: ProviderKeyProps) {
  const change = useSecretChange(provider.keyName)
  const [saved, setSaved] = useState(false)
  const refused = store === undefined || (store.state === 'ready' && store.kind !== 'none') ? undefined : store.sentence
  const hasKey = provider.hasKey || saved
  return (
    <>
      {!hasKey && (
        <SecretEntry
          name={provider.keyName}
          change={change}
          testable
          offline={offline}
          refused={refused}
          onSaved={() => setSaved(true)}
        />
      )}
      {change.said !== undefined && <output className="under">{change.said}</output>}
      {hasKey && <ProviderModelsPart provider={provider.name} offline={offline} />}
    </>
  )
}
