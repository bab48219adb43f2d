/* oxlint-disable jsx-a11y/prefer-tag-over-role -- table elements lose their roles where rows are laid out as grids */
/* oxlint-disable jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- the row group handles the keys of all its rows */
import { type KeyboardEvent, memo, useRef, useState } from 'react'
import { CostCell } from '../components/cost-cell.tsx'
import { TierChip } from '../components/tier-chip.tsx'
import type { RequestView } from '../contract.ts'
import { formatTokensShort } from '../format/figures.ts'
import { formatClock, formatStamp } from '../format/time.ts'
import { shownModel } from '../state/request-figures.ts'
import { useHeldRows } from '../state/use-held-rows.ts'
import { strings } from '../strings.ts'

export interface RequestListProps {
  readonly requests: readonly RequestView[]
  readonly selectedId: string | undefined
  readonly onOpen: (id: string) => void
  readonly onClose: () => void
}

/** The live list: rows of fixed height, held still while somebody reads it. */
export function RequestList({ requests, selectedId, onOpen, onClose }: RequestListProps) {
  const held = useHeldRows(requests)
  const body = useRef<HTMLDivElement>(null)
  const [focusedId, setFocusedId] = useState<string>()
  const ids = held.rows.map((request) => request.id)
  const entry = [focusedId, selectedId].find((id) => id !== undefined && ids.includes(id)) ?? ids[0]
  const showNew = () => {
    held.release()
    body.current?.scrollTo({ top: 0 })
  }
  const handleKey = (event: KeyboardEvent) => {
    const place = ids.indexOf((event.target as HTMLElement).dataset.id ?? '')
    const id = ids[place]
    if (id === undefined) return
    if (event.key === 'Enter' || event.key === ' ') onOpen(id)
    else if (event.key === 'Escape') onClose()
    else if (isCopy(event)) void navigator.clipboard.writeText(id)
    else if (!moveFocus(event, body.current, ids, place)) return
    event.preventDefault()
  }
  return (
    <div className="live-list" {...held.holdProps}>
      {held.waiting > 0 && (
        <button type="button" className="link label new-rows" onClick={showNew}>
          {strings.requests.waiting(held.waiting)}
        </button>
      )}
      <div className="grid" role="grid" aria-label={strings.requests.gridLabel} aria-rowcount={ids.length + 1}>
        <ColumnHeads />
        <div ref={body} role="rowgroup" className="grid-body" onScroll={held.onScroll} onKeyDown={handleKey}>
          {held.rows.map((request, index) => (
            <RequestRow
              key={request.id}
              request={request}
              rowIndex={index + 2}
              selected={request.id === selectedId}
              entry={request.id === entry}
              onOpen={onOpen}
              onFocus={setFocusedId}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

function ColumnHeads() {
  const columns = strings.requests.columns
  return (
    <div role="rowgroup" className="grid-head">
      <div role="row" className="grid-row" aria-rowindex={1}>
        <span role="columnheader">{columns.time}</span>
        <span role="columnheader">{columns.tier}</span>
        <span role="columnheader">{columns.model}</span>
        <span role="columnheader" className="wide-column">
          {columns.router}
        </span>
        <span role="columnheader" className="wide-column column-right">
          {columns.tokens}
        </span>
        <span role="columnheader" className="wide-column">
          {columns.key}
        </span>
        <span role="columnheader" className="column-right">
          {columns.cost}
        </span>
      </div>
    </div>
  )
}

interface RequestRowProps {
  readonly request: RequestView
  readonly rowIndex: number
  readonly selected: boolean
  /** The row that Tab enters the list by. */
  readonly entry: boolean
  readonly onOpen: (id: string) => void
  readonly onFocus: (id: string) => void
}

const RequestRow = memo(function RequestRow({ request, rowIndex, selected, entry, onOpen, onFocus }: RequestRowProps) {
  const usage = request.usage
  return (
    <div
      role="row"
      className="grid-row"
      aria-rowindex={rowIndex}
      aria-selected={selected}
      tabIndex={entry ? 0 : -1}
      data-id={request.id}
      onClick={() => onOpen(request.id)}
      onFocus={() => onFocus(request.id)}
    >
      <span role="gridcell" className="time" title={formatStamp(request.startedAt)}>
        {formatClock(request.startedAt)}
      </span>
      <span role="gridcell">
        <TierChip tier={request.tier} />
      </span>
      <span role="gridcell" className="name-block">
        <span className="name" title={shownModel(request)}>
          {shownModel(request)}
        </span>
        <span className="under">{request.agent ?? strings.requests.noAgent}</span>
      </span>
      <span role="gridcell" className="wide-column quiet">
        {request.router ?? '\u2013'}
      </span>
      <span role="gridcell" className="wide-column column-right quiet">
        {usage === null ? '\u2013' : formatTokensShort(usage.inputTokens + usage.outputTokens)}
      </span>
      <span role="gridcell" className="wide-column quiet">
        {request.keyAlias ?? '\u2013'}
      </span>
      <span role="gridcell">
        <CostCell request={request} />
      </span>
    </div>
  )
})

function moveFocus(event: KeyboardEvent, body: HTMLElement | null, ids: readonly string[], place: number): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  const targets: Record<string, number> = {
    ArrowDown: place + 1,
    ArrowUp: place - 1,
    j: place + 1,
    k: place - 1,
    Home: 0,
    End: ids.length - 1,
  }
  const target = targets[event.key]
  if (target === undefined) return false
  const id = ids[Math.min(ids.length - 1, Math.max(0, target))]
  if (id !== undefined) body?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus()
  return true
}

function isCopy(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && event.key === 'c' && String(window.getSelection()) === ''
}
