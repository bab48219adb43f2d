import { useMutation } from '@tanstack/react-query'
import { failureReason } from '../../components/failure.tsx'
import type { CreatedKey, KeyView, NewKey } from '../../contract.ts'
import { emptyKey } from '../../state/key-form.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { strings } from '../../strings.ts'
import { KeyForm } from './key-form.tsx'
import { Pane } from '../../components/pane.tsx'

const words = strings.keysPage.form

export interface NewKeyPaneProps {
  readonly keys: readonly KeyView[]
  readonly offline: boolean
  readonly onCreated: (key: CreatedKey) => void
  readonly onClose: () => void
}

/** The form of a key that does not exist yet. */
export function NewKeyPane({ keys, offline, onCreated, onClose }: NewKeyPaneProps) {
  const { client } = useSurroundings()
  const mutation = useMutation({ mutationFn: (key: NewKey) => client.createKey(key), onSuccess: onCreated })
  return (
    <Pane title={words.newTitle} onClose={onClose}>
      <KeyForm
        start={emptyKey}
        taken={keys.flatMap((key) => key.alias ?? [])}
        isNew
        offline={offline}
        pending={mutation.isPending}
        outcome={mutation.isError ? { text: words.failed(failureReason(mutation.error)), failed: true } : undefined}
        onSave={mutation.mutate}
      />
    </Pane>
  )
}
