/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events -- a list under a filter that keeps the focus and its keys */
import { IconPlus } from '@tabler/icons-react'
import { type KeyboardEvent, useCallback, useId, useLayoutEffect, useRef, useState } from 'react'
import { placeUnder, useCloseOutside } from '../../components/menu.tsx'
import type { Tier } from '../../contract.ts'
import { strings } from '../../strings.ts'

const words = strings.routerEditor.models
/** More are found by typing. */
const mostShown = 60

export interface AddModelProps {
  readonly tier: Tier
  /** All that a tier can name; undefined = not read. */
  readonly models: readonly string[] | undefined
  readonly taken: readonly string[]
  readonly onAdd: (name: string) => void
}

/** The button behind a chain: opens the list of models with a filter. */
export function AddModel({ tier, models, taken, onAdd }: AddModelProps) {
  const anchor = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const close = useCallback(() => {
    setOpen(false)
    anchor.current?.focus()
  }, [])
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className="chain-add"
        aria-label={words.add(tier)}
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        <IconPlus size={14} stroke={1.4} aria-hidden="true" />
      </button>
      {open && (
        <ModelList
          label={words.add(tier)}
          models={models?.filter((name) => !taken.includes(name))}
          anchor={anchor}
          onClose={close}
          onChoose={(name) => {
            onAdd(name)
            close()
          }}
        />
      )}
    </>
  )
}

interface ModelListProps {
  readonly label: string
  readonly models: readonly string[] | undefined
  readonly anchor: React.RefObject<HTMLButtonElement | null>
  readonly onChoose: (name: string) => void
  readonly onClose: () => void
}

/** A filter over a list: typing filters, arrows walk, Enter takes. */
function ModelList({ label, models, anchor, onChoose, onClose }: ModelListProps) {
  const box = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const listId = useId()
  const [text, setText] = useState('')
  const [marked, setMarked] = useState(0)
  const found = (models ?? [])
    .filter((name) => name.toLowerCase().includes(text.trim().toLowerCase()))
    .slice(0, mostShown)
  useLayoutEffect(() => {
    if (box.current === null || anchor.current === null) return
    box.current.showPopover()
    placeUnder(box.current, anchor.current.getBoundingClientRect())
    field.current?.focus()
  }, [anchor])
  useCloseOutside(box, anchor, onClose)
  const mark = (place: number) => {
    const next = Math.max(0, Math.min(found.length - 1, place))
    setMarked(next)
    box.current?.querySelector(`[id="${listId}-${next}"]`)?.scrollIntoView({ block: 'nearest' })
  }
  const handleKey = (event: KeyboardEvent) => {
    const name = found[marked]
    if (event.key === 'ArrowDown') mark(marked + 1)
    else if (event.key === 'ArrowUp') mark(marked - 1)
    else if (event.key === 'Enter' && name !== undefined) onChoose(name)
    else if (event.key === 'Escape' || event.key === 'Tab') onClose()
    else return
    event.stopPropagation()
    event.preventDefault()
  }
  return (
    <div ref={box} popover="manual" className="tier-menu model-list">
      <input
        ref={field}
        className="input"
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found.length === 0 ? undefined : `${listId}-${marked}`}
        placeholder={words.filter}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setMarked(0)
        }}
        onKeyDown={handleKey}
      />
      <div id={listId} role="listbox" aria-label={label} className="model-options">
        {found.map((name, place) => (
          <div
            key={name}
            id={`${listId}-${place}`}
            role="option"
            aria-selected={place === marked}
            tabIndex={-1}
            className="model-option"
            onPointerMove={() => setMarked(place)}
            onClick={() => onChoose(name)}
          >
            {name}
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className="under model-none">
          {models === undefined ? words.noList : text.trim() === '' ? words.all : words.none(text.trim())}
        </p>
      )}
    </div>
  )
}
