import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useLayoutEffect, useRef } from 'react'

export interface MenuProps {
  /** Above the items; names the menu. */
  readonly title: string
  /** The element it opens under. */
  readonly anchor: RefObject<HTMLElement | null>
  readonly onClose: () => void
  /** Buttons with a role of `menuitem…` and a tab index of -1, and what stands around them. */
  readonly children: ReactNode
}

const gap = 4
const edge = 8

/** A menu in the top layer, so that no scrolling block cuts it off. Focus starts inside; arrows, letters and Escape work. */
export function Menu({ title, anchor, onClose, children }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null)
  const titleId = useId()
  useLayoutEffect(() => {
    const element = menu.current
    if (element === null || anchor.current === null) return
    element.showPopover()
    placeUnder(element, anchor.current.getBoundingClientRect())
    const items = itemsOf(element)
    const start = items.find((item) => item.getAttribute('aria-checked') === 'true') ?? items[0]
    start?.focus()
  }, [anchor])
  useCloseOutside(menu, anchor, onClose)
  return (
    <div
      ref={menu}
      popover="manual"
      role="menu"
      tabIndex={-1}
      aria-labelledby={titleId}
      className="tier-menu"
      onKeyDown={(event) => handleKey(event, menu.current, onClose)}
    >
      <div id={titleId} className="tier-menu-title">
        {title}
      </div>
      {children}
    </div>
  )
}

/** Closes what floats when somebody presses elsewhere or the window changes. */
export function useCloseOutside(
  floating: RefObject<HTMLElement | null>,
  anchor: RefObject<HTMLElement | null>,
  onClose: () => void,
): void {
  useEffect(() => {
    const closeOutside = (event: Event) => {
      const target = event.target as Node
      if (floating.current?.contains(target) !== true && anchor.current?.contains(target) !== true) onClose()
    }
    document.addEventListener('pointerdown', closeOutside)
    window.addEventListener('resize', onClose)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
      window.removeEventListener('resize', onClose)
    }
  }, [floating, anchor, onClose])
}

/** Under the anchor, its right edges in line where there is room; above it where there is none below. */
export function placeUnder(floating: HTMLElement, anchor: DOMRect): void {
  const { width, height } = floating.getBoundingClientRect()
  const below = anchor.bottom + gap
  const top = below + height + edge > window.innerHeight ? anchor.top - gap - height : below
  floating.style.top = `${Math.max(edge, top)}px`
  floating.style.left = `${Math.max(edge, Math.min(anchor.right - width, window.innerWidth - width - edge))}px`
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
  // Escape must not also close the pane behind, Tab goes on from the anchor.
  event.stopPropagation()
  event.preventDefault()
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')]
}
