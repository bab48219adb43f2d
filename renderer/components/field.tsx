import { useId } from 'react'

export interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** Below the field while nothing is wrong. */
  readonly hint?: string | undefined
  /** What is wrong with the value, which stays as it was typed. */
  readonly problem?: string | undefined
  /** More than one line. */
  readonly lines?: number
  /** Figures, so that a phone shows digits. */
  readonly numeric?: boolean
  /** A secret: not shown while it is typed. */
  readonly masked?: boolean
  readonly placeholder?: string | undefined
  /** Says something else than what is saved. */
  readonly changed?: boolean
}

/** A field of a form with its label above and its hint or problem below. */
export function Field({
  label,
  value,
  onChange,
  hint,
  problem,
  lines,
  numeric = false,
  masked = false,
  placeholder,
  changed = false,
}: FieldProps) {
  const id = useId()
  const below = problem ?? hint
  const common = {
    id,
    className: changed ? 'input input-changed' : 'input',
    value,
    placeholder,
    spellCheck: false,
    autoComplete: 'off',
    'aria-invalid': problem !== undefined,
    ...(below === undefined ? {} : { 'aria-describedby': `${id}-below` }),
  } as const
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {lines === undefined ? (
        <input
          {...common}
          type={masked ? 'password' : 'text'}
          inputMode={numeric ? 'decimal' : 'text'}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <textarea {...common} rows={lines} onChange={(event) => onChange(event.target.value)} />
      )}
      {below !== undefined && (
        <p id={`${id}-below`} className={problem === undefined ? 'under' : 'field-error'}>
          {below}
        </p>
      )}
    </div>
  )
}

export interface ChoiceFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly problem?: string | undefined
  readonly hint?: string | undefined
  readonly changed?: boolean
}

/** One of a list. */
export function ChoiceField({ label, value, onChange, options, problem, hint, changed = false }: ChoiceFieldProps) {
  const id = useId()
  const below = problem ?? hint
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className={changed ? 'input input-changed' : 'input'}
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={below === undefined ? undefined : `${id}-below`}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {below !== undefined && (
        <p id={`${id}-below`} className={problem === undefined ? 'under' : 'field-error'}>
          {below}
        </p>
      )}
    </div>
  )
}
