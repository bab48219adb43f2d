import { type FormEvent, useId, useState } from 'react'
import { secretProblem, type SecretChange } from '../state/use-secret-change.ts'
import { strings } from '../strings.ts'
import { SecretTestLines } from './secret-test.tsx'

const words = strings.secrets

export interface SecretEntryProps {
  readonly name: string
  readonly change: SecretChange
  /** Whether its provider can be asked before it is saved. */
  readonly testable: boolean
  readonly offline: boolean
  /** Why it cannot be kept; undefined = it can. */
  readonly refused?: string | undefined
  readonly onSaved: () => void
  readonly onCancel?: () => void
}

/** Takes a provider key. It is tried before it is kept where that is wished, and is gone from the page once it is saved. */
export function SecretEntry({ name, change, testable, offline, refused, onSaved, onCancel }: SecretEntryProps) {
  const id = useId()
  const [value, setValue] = useState('')
  const [wrong, setWrong] = useState<string>()
  const checked = (act: () => void) => {
    const found = secretProblem(value)
    setWrong(found)
    if (found === undefined) act()
    else document.getElementById(id)?.focus()
  }
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (offline || change.pending || refused !== undefined) return
    checked(() =>
      change.save(value, () => {
        setValue('')
        onSaved()
      }),
    )
  }
  const problem = wrong ?? change.problem
  const below = offline ? words.offline : (problem ?? refused ?? words.valueHint)
  return (
    <form className="form secret-entry" noValidate onSubmit={save}>
      <div className="field">
        <label htmlFor={id}>{words.value(name)}</label>
        <input
          id={id}
          type="password"
          className="input mono"
          autoComplete="off"
          spellCheck={false}
          value={value}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-below`}
          onChange={(event) => {
            setValue(event.target.value)
            setWrong(undefined)
            change.reset()
          }}
        />
        <p id={`${id}-below`} className={problem !== undefined && !offline ? 'field-error' : 'under'}>
          {below}
        </p>
      </div>
      <SecretTestLines change={change} />
      <div className="question-acts">
        <button
          type="submit"
          className="button button-primary"
          disabled={offline || change.pending || refused !== undefined}
        >
          {words.save}
        </button>
        {testable && (
          <button
            type="button"
            className="button"
            disabled={offline || change.pending}
            onClick={() => checked(() => change.test(value))}
          >
            {words.test}
          </button>
        )}
        {onCancel !== undefined && (
          <button type="button" className="button button-quiet" onClick={onCancel}>
            {strings.cancel}
          </button>
        )}
      </div>
    </form>
  )
}
