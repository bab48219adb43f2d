import { IconX } from '@tabler/icons-react'
import { useEffect } from 'react'
import { strings } from '../strings.ts'

export interface PaneProps {
  readonly title: string
  readonly onClose: () => void
  /** Stays in sight below what scrolls. */
  readonly foot?: React.ReactNode
  readonly children: React.ReactNode
}

/** What stands at the right of a list, or in its place where the window is narrow. Escape closes it. */
export function Pane({ title, onClose, foot, children }: PaneProps) {
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose()
    }
    window.addEventListener('keydown', handle)
    return () => window.removeEventListener('keydown', handle)
  }, [onClose])
  return (
    <section className="pane" aria-label={title}>
      <header className="pane-head">
        <h2>{title}</h2>
        <button type="button" className="icon-button" aria-label={strings.close} onClick={onClose}>
          <IconX size={16} stroke={1.4} aria-hidden="true" />
        </button>
      </header>
      {children}
      {foot !== undefined && <footer className="pane-foot">{foot}</footer>}
    </section>
  )
}
