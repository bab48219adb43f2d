/* oxlint-disable jsx-a11y/prefer-tag-over-role -- native radios cannot hold a menu button as one of their positions */
import { IconChevronDown } from '@tabler/icons-react'
import { type KeyboardEvent, useCallback, useRef, useState } from 'react'
import type { Position, RouterView } from '../contract.ts'
import { strings } from '../strings.ts'
import { TierMenu } from './tier-menu.tsx'
import { TierShape } from './tier-shape.tsx'

export interface RouterSwitchProps {
  readonly router: RouterView
  readonly position: Position
  readonly disabled: boolean
  readonly onChange: (position: Position) => void
}

const modes = ['auto', 'pinned', 'off'] as const
type Mode = (typeof modes)[number]

/**
 * A router's three positions. Left and right move it; Pin takes the focus without a change, because it needs a tier:
 * Enter, Space or the down key open the menu.
 */
export function RouterSwitch({ router, position, disabled, onChange }: RouterSwitchProps) {
  const group = useRef<HTMLDivElement>(null)
  const [menuOpen, setMenuOpen] = useState(false)
  const focusMode = useCallback((mode: Mode) => {
    group.current?.querySelector<HTMLElement>(`[data-mode="${mode}"]`)?.focus()
  }, [])
  const closeMenu = useCallback(() => {
    setMenuOpen(false)
    focusMode('pinned')
  }, [focusMode])
  const choose = (mode: Mode) => {
    if (mode === 'pinned') setMenuOpen(true)
    else if (mode !== position.mode) onChange({ mode })
  }
  const handleKey = (event: KeyboardEvent) => {
    const mode = (event.target as HTMLElement).dataset.mode as Mode | undefined
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (mode === undefined || (step === 0 && event.key !== 'ArrowDown')) return
    event.preventDefault()
    event.stopPropagation()
    if (step === 0) {
      if (mode === 'pinned' && !disabled) setMenuOpen(true)
      return
    }
    const next = modes[modes.indexOf(mode) + step]
    if (next === undefined) return
    focusMode(next)
    if (next !== 'pinned' && !disabled) choose(next)
  }
  return (
    <>
      <div
        ref={group}
        role="radiogroup"
        tabIndex={-1}
        aria-label={strings.routers.switchLabel(router.name)}
        aria-disabled={disabled}
        className="router-switch"
        data-mode={position.mode}
        onKeyDown={handleKey}
      >
        {modes.map((mode) => (
          <Option key={mode} mode={mode} position={position} disabled={disabled} onChoose={choose} />
        ))}
      </div>
      {menuOpen && (
        <TierMenu
          router={router}
          pinned={position.mode === 'pinned' ? position.tier : undefined}
          anchor={group}
          onChoose={(tier) => {
            onChange({ mode: 'pinned', tier })
            closeMenu()
          }}
          onClose={closeMenu}
        />
      )}
    </>
  )
}

interface OptionProps {
  readonly mode: Mode
  readonly position: Position
  readonly disabled: boolean
  readonly onChoose: (mode: Mode) => void
}

function Option({ mode, position, disabled, onChoose }: OptionProps) {
  const checked = position.mode === mode
  const pinnedTier = mode === 'pinned' && position.mode === 'pinned' ? position.tier : undefined
  const tierClass = pinnedTier === undefined ? '' : ` tier-${pinnedTier.toLowerCase()}`
  return (
    <button
      type="button"
      role="radio"
      aria-checked={checked}
      aria-disabled={disabled}
      aria-label={pinnedTier === undefined ? undefined : strings.routers.pinnedTo(pinnedTier)}
      tabIndex={checked ? 0 : -1}
      data-mode={mode}
      className={`router-switch-option${tierClass}`}
      onClick={() => {
        if (!disabled) onChoose(mode)
      }}
    >
      {pinnedTier === undefined ? (
        strings.routers.positions[mode]
      ) : (
        <>
          <TierShape tier={pinnedTier} />
          {pinnedTier[0]}
          <IconChevronDown size={12} stroke={1.6} aria-hidden="true" />
        </>
      )}
    </button>
  )
}
