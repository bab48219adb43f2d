import { useMutation, useQueryClient } from '@tanstack/react-query'
import { failureReason } from '../../components/failure.tsx'
import type { CreatedKey, KeyChange, KeyView } from '../../contract.ts'
import { formatMoney } from '../../format/money.ts'
import { formatDay, formatStamp } from '../../format/time.ts'
import { typedOf } from '../../state/key-form.ts'
import { keyName } from '../../state/key-state.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { keysQuery } from '../../state/use-keys.ts'
import { strings } from '../../strings.ts'
import { KeyActs } from './key-acts.tsx'
import { KeyForm } from './key-form.tsx'
import { Pane } from '../../components/pane.tsx'

const words = strings.keysPage

export interface KeyPaneProps {
  readonly view: KeyView
  readonly keys: readonly KeyView[]
  readonly offline: boolean
  readonly onSecret: (key: CreatedKey) => void
  readonly onClose: () => void
}

/** One key: what is known of it, its form, and what can be done to it. */
export function KeyPane({ view, keys, offline, onSecret, onClose }: KeyPaneProps) {
  const { client } = useSurroundings()
  const queries = useQueryClient()
  const mutation = useMutation({
    mutationFn: (change: KeyChange) => client.changeKey(view.id, change),
    onSuccess: () => queries.invalidateQueries({ queryKey: keysQuery }),
  })
  const outcome = mutation.isError
    ? { text: words.form.failed(failureReason(mutation.error)), failed: true }
    : mutation.isSuccess
      ? { text: words.form.saved, failed: false }
      : undefined
  return (
    <Pane title={keyName(view)} onClose={onClose}>
      <KeyFacts view={view} />
      <KeyForm
        start={typedOf(view)}
        taken={keys.flatMap((key) => (key.id === view.id ? [] : (key.alias ?? [])))}
        isNew={false}
        offline={offline}
        pending={mutation.isPending}
        outcome={outcome}
        onSave={mutation.mutate}
      />
      <KeyActs view={view} offline={offline} onSecret={onSecret} onClose={onClose} />
    </Pane>
  )
}

function KeyFacts({ view }: { readonly view: KeyView }) {
  const { details } = words
  const { spentNanoUsd, resetsAt } = view.budget
  const spent = formatMoney(spentNanoUsd)
  return (
    <dl className="details key-facts">
      <KeyFact name={details.key} value={view.name} />
      <KeyFact name={details.createdAt} value={formatDay(view.createdAt)} hint={formatStamp(view.createdAt)} />
      <KeyFact
        name={details.expiresAt}
        value={view.expiresAt === null ? details.never : formatDay(view.expiresAt)}
        hint={view.expiresAt === null ? undefined : formatStamp(view.expiresAt)}
      />
      <KeyFact
        name={details.spent}
        value={resetsAt === null ? spent : `${spent}, ${words.resets(formatDay(resetsAt))}`}
        hint={resetsAt === null ? undefined : formatStamp(resetsAt)}
      />
      {view.userId !== null && <KeyFact name={details.user} value={view.userId} />}
      {view.teamId !== null && <KeyFact name={details.team} value={view.teamId} />}
      {view.tags.length > 0 && <KeyFact name={details.tags} value={view.tags.join(', ')} />}
    </dl>
  )
}

interface KeyFactProps {
  readonly name: string
  readonly value: string
  readonly hint?: string | undefined
}

function KeyFact({ name, value, hint }: KeyFactProps) {
  return (
    <div className="detail">
      <dt>{name}</dt>
      <dd title={hint}>
        <span className="detail-value">{value}</span>
      </dd>
    </div>
  )
}
