import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { failureReason } from '../../components/failure.tsx'
import type { CreatedKey, KeyView } from '../../contract.ts'
import { keyName } from '../../state/key-state.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { keysQuery } from '../../state/use-keys.ts'
import { strings } from '../../strings.ts'

const words = strings.keysPage.acts

export interface KeyActsProps {
  readonly view: KeyView
  readonly offline: boolean
  readonly onSecret: (key: CreatedKey) => void
  readonly onClose: () => void
}

/** Block, renew, revoke. What cannot be undone says what it does and asks. */
export function KeyActs({ view, offline, onSecret, onClose }: KeyActsProps) {
  const { client } = useSurroundings()
  const queries = useQueryClient()
  const [question, setQuestion] = useState<'renew' | 'revoke'>()
  const onSuccess = () => queries.invalidateQueries({ queryKey: keysQuery })
  const block = useMutation({
    mutationFn: () => (view.blocked ? client.unblockKey(view.id) : client.blockKey(view.id)),
    onSuccess,
  })
  const renew = useMutation({ mutationFn: () => client.regenerateKey(view.id), onSuccess: onSecret })
  const revoke = useMutation({
    mutationFn: () => client.deleteKey(view.id),
    onSuccess: () => {
      onClose()
      return onSuccess()
    },
  })
  const failed = [block, renew, revoke].find((mutation) => mutation.isError)
  const busy = offline || [block, renew, revoke].some((mutation) => mutation.isPending)
  const name = view.agent ?? keyName(view)
  const asked = question === 'renew' ? renew : revoke
  return (
    <div className="key-acts">
      {question === undefined ? (
        <div className="question-acts">
          <button
            type="button"
            className="button"
            disabled={busy}
            title={words.blockHint}
            onClick={() => block.mutate()}
          >
            {view.blocked ? words.unblock : words.block}
          </button>
          <button type="button" className="button" disabled={busy} onClick={() => setQuestion('renew')}>
            {words.renew}
          </button>
          <button type="button" className="button button-danger" disabled={busy} onClick={() => setQuestion('revoke')}>
            {words.revoke}
          </button>
        </div>
      ) : (
        <div className="question" role="alert">
          <p>{question === 'renew' ? words.renewQuestion(name) : words.revokeQuestion(name)}</p>
          <div className="question-acts">
            <button type="button" className="button" onClick={() => setQuestion(undefined)}>
              {strings.cancel}
            </button>
            <button type="button" className="button button-danger" disabled={busy} onClick={() => asked.mutate()}>
              {question === 'renew' ? words.renewYes : words.revokeYes}
            </button>
          </div>
        </div>
      )}
      {failed !== undefined && (
        <p className="field-error" role="alert">
          {words.failed(failureReason(failed.error))}
        </p>
      )}
    </div>
  )
}
