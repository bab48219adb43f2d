import { useMediaQuery } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useCallback, useState } from 'react'
import { failureReason, RequestFailure } from '../../components/failure.tsx'
import type { CreatedKey } from '../../contract.ts'
import type { LiveState } from '../../state/live-state.ts'
import { openPage } from '../../state/use-page.ts'
import { useKeys } from '../../state/use-keys.ts'
import { strings } from '../../strings.ts'
import { CreatedKeyPane } from './created-key.tsx'
import { KeyPane } from './key-pane.tsx'
import { KeyTable } from './key-table.tsx'
import { NewKeyPane } from './new-key.tsx'

const words = strings.keysPage
/** The place of the form of a new key in the address. No id of a key looks like it. */
const newKey = 'new'

export interface KeysPageProps {
  readonly live: LiveState
  readonly selected: string | undefined
}

const open = (key: string | undefined) => openPage({ name: 'keys', key }, key !== undefined)
const close = () => open(undefined)

/** The virtual keys: what they may use, what they have spent, and a pane to make, change and revoke them. */
export function KeysPage({ live, selected }: KeysPageProps) {
  const narrow = useMediaQuery('(max-width: 899px)', false, { getInitialValueInEffect: false })
  const keys = useKeys()
  const [created, setCreated] = useState<CreatedKey>()
  const finish = useCallback(() => setCreated(undefined), [])
  const shown = keys.data?.find((key) => key.id === selected)
  const offline = live.connection !== 'live'
  const show = (key: CreatedKey) => {
    setCreated(key)
    void keys.refetch()
    open(key.view.id)
  }
  const pane =
    created !== undefined ? (
      <CreatedKeyPane created={created} onDone={finish} />
    ) : selected === newKey ? (
      <NewKeyPane keys={keys.data ?? []} offline={offline} onCreated={show} onClose={close} />
    ) : (
      shown !== undefined && (
        <KeyPane key={shown.id} view={shown} keys={keys.data ?? []} offline={offline} onSecret={show} onClose={close} />
      )
    )
  return (
    <div className={pane === false ? 'keys-page' : 'keys-page keys-selected'}>
      {!(narrow && pane !== false) && (
        <div className="keys-list scroll-page">
          <header className="page-header">
            <h1>{strings.pages.keys}</h1>
            {keys.data !== undefined && <span className="page-summary">{words.summary(keys.data.length)}</span>}
            <div className="page-actions">
              <button type="button" className="button button-primary" onClick={() => open(newKey)}>
                <IconPlus size={16} stroke={1.4} aria-hidden="true" />
                {words.add}
              </button>
            </div>
          </header>
          {keys.data !== undefined ? (
            keys.data.length === 0 ? (
              <NoKeys />
            ) : (
              <KeyTable keys={keys.data} selected={selected} onOpen={open} compact={pane !== false} />
            )
          ) : keys.isError ? (
            <RequestFailure text={words.failed(failureReason(keys.error))} onAgain={() => void keys.refetch()} />
          ) : (
            <div className="page-column">
              <div className="card card-waiting still" />
            </div>
          )}
        </div>
      )}
      {pane}
    </div>
  )
}

function NoKeys() {
  return (
    <div className="empty">
      <h2>{words.emptyTitle}</h2>
      <p>{words.emptyText}</p>
    </div>
  )
}
