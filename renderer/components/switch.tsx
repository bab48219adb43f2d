import { useId } from 'react'

export interface SwitchProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly on: boolean
  readonly disabled?: boolean
  readonly onChange: (on: boolean) => void
}

/** On or off, at once. A native check box with its words beside it. */
export function Switch({ label, hint, on, disabled = false, onChange }: SwitchProps) {
  const id = useId()
  return (
    <div className="switch">
      <label className="choice">
        <input
          type="checkbox"
          checked={on}
          disabled={disabled}
          aria-describedby={hint === undefined ? undefined : id}
          onChange={(event) => onChange(event.target.checked)}
        />
        {label}
      </label>
      {hint !== undefined && (
        <p id={id} className="under choice-hint">
          {hint}
        </p>
      )}
    </div>
  )
}
