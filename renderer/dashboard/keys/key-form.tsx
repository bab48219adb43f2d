import { type FormEvent, useRef, useState } from 'react'
import { ChoiceField, Field } from '../../components/field.tsx'
import type { KeyChange, NewKey } from '../../contract.ts'
import { type KeyProblems, type KeyTyped, readKeyForm } from '../../state/key-form.ts'
import { strings } from '../../strings.ts'

const words = strings.keysPage.form

export interface KeyFormProps {
  readonly start: KeyTyped
  /** Names that other keys have. */
  readonly taken: readonly string[]
  readonly isNew: boolean
  readonly offline: boolean
  readonly pending: boolean
  /** What the gateway said against it, or that it is done. */
  readonly outcome: { readonly text: string; readonly failed: boolean } | undefined
  readonly onSave: (key: NewKey & KeyChange) => void
}

/** The fields of a key. What was typed stays, whatever the gateway does; a problem stands below its field and takes the focus. */
export function KeyForm({ start, taken, isNew, offline, pending, outcome, onSave }: KeyFormProps) {
  const form = useRef<HTMLFormElement>(null)
  const [typed, setTyped] = useState(start)
  const [problems, setProblems] = useState<KeyProblems>({})
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (offline || pending) return
    const read = readKeyForm(typed, taken)
    setProblems(read.problems ?? {})
    if (read.key !== undefined) onSave(read.key)
    // Once the problem is on screen.
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }
  const bind = (name: keyof KeyTyped) => ({
    value: typed[name],
    problem: problems[name],
    onChange: (value: string) => {
      setTyped((before) => ({ ...before, [name]: value }))
      setProblems((before) => Object.fromEntries(Object.entries(before).filter(([other]) => other !== name)))
    },
  })
  const durations = choices(words.durations)
  const known = typed.duration === '' || Object.hasOwn(words.durations, typed.duration)
  return (
    <form ref={form} className="form" noValidate onSubmit={save}>
      <Field label={words.alias} hint={words.aliasHint} {...bind('alias')} />
      <Field label={words.agent} hint={words.agentHint} {...bind('agent')} />
      <Field label={words.models} hint={words.modelsHint} lines={3} {...bind('models')} />
      <div className="field-pair">
        <Field label={words.budget} hint={words.budgetHint} numeric {...bind('budget')} />
        <ChoiceField
          label={words.duration}
          options={
            known ? durations : [...durations, { value: typed.duration, label: words.keepDuration(typed.duration) }]
          }
          {...bind('duration')}
        />
      </div>
      <div className="field-pair">
        <Field label={words.rpm} numeric {...bind('rpm')} />
        <Field label={words.tpm} numeric {...bind('tpm')} />
      </div>
      <div className="field-pair">
        <Field label={words.maxParallel} numeric {...bind('maxParallel')} />
        {isNew && <Field label={words.expires} hint={words.expiresHint} numeric {...bind('days')} />}
      </div>
      <ChoiceField label={words.onLimit} options={choices(words.onLimits)} {...bind('onLimit')} />
      <div className="form-foot">
        <output className={outcome?.failed === true && !offline ? 'field-error' : 'under'}>
          {offline ? words.offline : outcome?.text}
        </output>
        <button type="submit" className="button button-primary" disabled={offline || pending}>
          {isNew ? words.create : words.save}
        </button>
      </div>
    </form>
  )
}

function choices(list: Readonly<Record<string, string>>): readonly { value: string; label: string }[] {
  return Object.entries(list).map(([value, label]) => ({ value, label }))
}
