import { type KeyboardEvent, useCallback, useRef, useState } from 'react'
import { Lamp } from '../../components/lamp.tsx'
import { Menu } from '../../components/menu.tsx'
import type { ModelView } from '../../contract.ts'
import { strings } from '../../strings.ts'

const words = strings.routerEditor.models

export interface ChainModelProps {
  readonly name: string
  /** From 0. */
  readonly place: number
  readonly count: number
  /** What is known of it; undefined = nothing yet. */
  readonly model: ModelView | undefined
  /** True for one that the config names and that is not there yet. */
  readonly waiting: boolean
  readonly fixed: boolean
  readonly onMove: (to: number) => void
  readonly onRemove: () => void
}

/** One model of a tier. Its menu moves and removes it; Alt with an arrow and Delete do the same at once. */
export function ChainModel({ name, place, count, model, waiting, fixed, onMove, onRemove }: ChainModelProps) {
  const anchor = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const close = useCallback(() => {
    setOpen(false)
    anchor.current?.focus()
  }, [])
  const troubled = waiting || model?.lamp === 'away' || model?.lamp === 'failed'
  const lamp = troubled && <Lamp state={waiting ? 'loading' : (model?.lamp ?? 'off')} />
  const hint = waiting ? strings.routers.waiting : troubled ? model?.health : undefined
  const look = `chain-model${waiting ? ' chain-waiting' : ''}`
  if (fixed) {
    return (
      <span className={look} title={hint}>
        {lamp}
        {name}
      </span>
    )
  }
  const handleKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
    const to = place + step
    if (event.key === 'Delete') onRemove()
    else if (event.altKey && step !== 0 && to >= 0 && to < count) onMove(to)
    else if (event.key === 'ArrowDown') setOpen(true)
    else return
    event.preventDefault()
  }
  const item = (label: string, act: () => void) => (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className="tier-menu-item menu-item-plain"
      onClick={() => {
        act()
        close()
      }}
    >
      {label}
    </button>
  )
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={look}
        title={hint}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(true)}
        onKeyDown={handleKey}
      >
        {lamp}
        {name}
        {waiting && <span className="under"> {strings.routers.waitingWord}</span>}
        <span className="visually-hidden">{words.place(place + 1, count)}</span>
      </button>
      {open && (
        <Menu title={name} anchor={anchor} onClose={close}>
          {place > 0 && item(words.earlier, () => onMove(place - 1))}
          {place < count - 1 && item(words.later, () => onMove(place + 1))}
          {item(words.remove, onRemove)}
        </Menu>
      )}
    </>
  )
}
