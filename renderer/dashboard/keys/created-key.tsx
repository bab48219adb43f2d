import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useCallback, useId, useState } from 'react'
import type { CreatedKey } from '../../contract.ts'
import { keyName } from '../../state/key-state.ts'
import { strings } from '../../strings.ts'
import { Pane } from '../../components/pane.tsx'

const words = strings.keysPage.created

/** A new secret, shown this once. Closing without having copied it asks first. */
export function CreatedKeyPane({ created, onDone }: { readonly created: CreatedKey; readonly onDone: () => void }) {
  const id = useId()
  const clipboard = useClipboard({ timeout: 1_500 })
  const [copied, setCopied] = useState(false)
  const [asking, setAsking] = useState(false)
  const close = useCallback(() => {
    if (copied) onDone()
    else setAsking(true)
  }, [copied, onDone])
  const copy = () => {
    clipboard.copy(created.key)
    setCopied(true)
    setAsking(false)
  }
  const Icon = clipboard.copied ? IconCheck : IconCopy
  return (
    <Pane title={words.title(keyName(created.view))} onClose={close}>
      <div className="form">
        <div className="field">
          <label htmlFor={id}>{words.label}</label>
          <div className="secret">
            <input
              id={id}
              className="input mono"
              readOnly
              value={created.key}
              aria-describedby={`${id}-note`}
              onFocus={(event) => event.target.select()}
              onCopy={() => setCopied(true)}
            />
            <button type="button" className="button button-primary" onClick={copy}>
              <Icon size={16} stroke={1.4} aria-hidden="true" />
              {words.copy}
            </button>
          </div>
          <p id={`${id}-note`} className={clipboard.error === null ? 'under' : 'field-error'}>
            {clipboard.error === null ? words.note : strings.copy.failed}
          </p>
        </div>
        {asking ? (
          <div className="question" role="alert">
            <p>{words.notCopied}</p>
            <div className="question-acts">
              <button type="button" className="button" onClick={() => setAsking(false)}>
                {words.stay}
              </button>
              <button type="button" className="button button-danger" onClick={onDone}>
                {words.closeAnyway}
              </button>
            </div>
          </div>
        ) : (
          <div className="form-foot">
            <button type="button" className="button" onClick={close}>
              {words.done}
            </button>
          </div>
        )}
      </div>
    </Pane>
  )
}
