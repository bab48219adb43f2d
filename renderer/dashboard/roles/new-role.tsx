import { type FormEvent, useId, useState } from 'react'
import { nameProblem, type RoleKind, type RoleRow } from '../../state/role-form.ts'
import { strings } from '../../strings.ts'

const words = strings.rolesPage

export interface NewRoleProps {
  readonly kind: RoleKind
  /** Those that there are. */
  readonly rows: readonly RoleRow[]
  readonly onAdd: (name: string) => void
}

/** Adds a line for a name that nobody knows yet. */
export function NewRole({ kind, rows, onAdd }: NewRoleProps) {
  const id = useId()
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string>()
  const add = (event: FormEvent) => {
    event.preventDefault()
    const key = typed.trim()
    const found = nameProblem(key, rows)
    setProblem(found)
    if (found !== undefined) return
    onAdd(`${kind}/${key}`)
    setTyped('')
  }
  return (
    <form className="new-role" noValidate onSubmit={add}>
      <input
        className="input"
        value={typed}
        placeholder={kind === 'role' ? words.addRole : words.addCategory}
        aria-label={kind === 'role' ? words.addRole : words.addCategory}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : id}
        spellCheck={false}
        onChange={(event) => {
          setTyped(event.target.value)
          setProblem(undefined)
        }}
      />
      <button type="submit" className="button">
        {words.add}
      </button>
      {problem !== undefined && (
        <p id={id} className="field-error">
          {problem}
        </p>
      )}
    </form>
  )
}
