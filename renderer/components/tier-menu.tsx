import { type KeyboardEvent, type RefObject, useEffect, useId, useLayoutEffect, useRef } from 'react'
import type { RouterView, Tier } from '../contract.ts'
import { strings } from '../strings.ts'
import { IconCheck } from '@tabler/icons-react'
import { TierShape } from './tier-shape.tsx'

export interface TierMenuProps {
  readonly router: RouterView
  readonly pinned: Tier | undefined
  /** The element it opens under. */
  readonly anchor: RefObject<HTMLElement | null>
  readonly onChoose: (tier: Tier) => void
  readonly onClose: () => void
}

const gap = 4
const edge = 8

/** The tiers a router can be pinned to, in the top layer, so that no scrolling block cuts it off. Focus starts inside. */
export function TierMenu({ router, pinned, anchor, onChoose, onClose }: TierMenuProps) {
  const menu = useRef<HTMLDivElement>(null)
  const title = useId()
  useLayoutEffect(() => {
    const element = menu.current
    if (element === null || anchor.current === null) return
    element.showPopover()
    place(element, anchor.current.getBoundingClientRect())
    const items = itemsOf(element)
    const start = items.find((item) => item.getAttribute('aria-checked') === 'true') ?? items[0]
    start?.focus()
  }, [anchor])
  useEffect(() => {
    const closeOutside = (event: Event) => {
      const target = event.target as Node
      if (menu.current?.contains(target) !== true && anchor.current?.contains(target) !== true) onClose()
    }
    document.addEventListener('pointerdown', closeOutside)
    window.addEventListener('resize', onClose)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
      window.removeEventListener('resize', onClose)
    }
  }, [anchor, onClose])
  return (
    <div
      ref={menu}
      popover="manual"
      role="menu"
      tabIndex={-1}
      aria-labelledby={title}
      className="tier-menu"
      onKeyDown={(event) => handleKey(event, menu.current, onClose)}
    >
      <div id={title} className="tier-menu-title">
        {strings.routers.pinTo}
      </div>
      {router.tiers.map(({ tier, models }) => (
        <button
          key={tier}
          type="button"
          role="menuitemradio"
          aria-checked={tier === pinned}
          aria-label={`${tier}, ${models[0]?.name ?? strings.routers.noModel}`}
          tabIndex={-1}
          className="tier-menu-item"
          onClick={() => onChoose(tier)}
        >
          <TierShape tier={tier} />
          <span className="tier-menu-letter">{tier[0]}</span>
          <span className="tier-menu-model">{models[0]?.name ?? strings.routers.noModel}</span>
          {tier === pinned && <IconCheck size={16} stroke={1.4} aria-hidden="true" />}
        </button>
      ))}
    </div>
  )
}

function handleKey(event: KeyboardEvent, menu: HTMLElement | null, onClose: () => void): void {
  if (menu === null) return
  const items = itemsOf(menu)
  const current = items.indexOf(document.activeElement as HTMLElement)
  const targets: Record<string, number> = {
    ArrowDown: (current + 1) % items.length,
    ArrowUp: (current - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }
  const target = targets[event.key]
  const letter = items.findIndex((item) => item.textContent.toLowerCase().startsWith(event.key.toLowerCase()))
  if (event.key === 'Escape' || event.key === 'Tab') onClose()
  else if (target !== undefined) items[target]?.focus()
  else if (event.key.length === 1 && event.key !== ' ' && letter >= 0) items[letter]?.focus()
  else return
  // Escape must not also close the pane behind, Tab goes on from the switch.
  event.stopPropagation()
  event.preventDefault()
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role="menuitemradio"]')]
}

/** Under the anchor, its right edges in line; above it where there is no room below. */
function place(menu: HTMLElement, anchor: DOMRect): void {
  const { width, height } = menu.getBoundingClientRect()
  const below = anchor.bottom + gap
  const top = below + height + edge > window.innerHeight ? anchor.top - gap - height : below
  menu.style.top = `${Math.max(edge, top)}px`
  menu.style.left = `${Math.max(edge, Math.min(anchor.right - width, window.innerWidth - width - edge))}px`
}
