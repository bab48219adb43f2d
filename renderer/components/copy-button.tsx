import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { strings } from '../strings.ts'

export interface CopyButtonProps {
  readonly value: string
  /** What the button does, in words. */
  readonly label: string
  /** Shows the label beside the icon. */
  readonly withLabel?: boolean
}

/** Copies a value and says so in place for a second and a half, without changing its size. */
export function CopyButton({ value, label, withLabel = false }: CopyButtonProps) {
  const clipboard = useClipboard({ timeout: 1_500 })
  const Icon = clipboard.copied ? IconCheck : IconCopy
  const title = clipboard.error === null ? label : strings.copy.failed
  return (
    <button
      type="button"
      className={withLabel ? 'button button-small' : 'icon-button'}
      aria-label={clipboard.copied ? `${label}: ${strings.copy.copied}` : label}
      title={title}
      onClick={() => clipboard.copy(value)}
    >
      <Icon size={16} stroke={1.4} aria-hidden="true" />
      {withLabel && <span>{label}</span>}
    </button>
  )
}
