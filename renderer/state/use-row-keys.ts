import { type KeyboardEvent, useEffect, useEffectEvent } from 'react'

/** On the button that opens a row: arrows and `j` `k` lead to the button of the row below or above. */
export function moveInRows(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
  const rows = [...(event.currentTarget.closest('tbody')?.querySelectorAll<HTMLElement>('.row-link') ?? [])]
  const next = rows[rows.indexOf(event.currentTarget) + step]
  if (next === undefined) return
  next.focus()
  event.preventDefault()
}

/** `j` (1) and `k` (-1) from anywhere outside a field; a list that has the focus handles them itself, and says so. */
export function useLetters(move: (step: 1 | -1) => void): void {
  const handle = useEffectEvent((event: globalThis.KeyboardEvent) => {
    const target = event.target as HTMLElement
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key !== 'j' && event.key !== 'k') return
    if (target.closest('input, textarea, select, [contenteditable], [role="menu"]') !== null) return
    move(event.key === 'j' ? 1 : -1)
    event.preventDefault()
  })
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => handle(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
