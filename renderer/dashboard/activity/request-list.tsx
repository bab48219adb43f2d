/* oxlint-disable react/incompatible-library -- the virtual list is no compiled component, and passes none of its functions on */
/* oxlint-disable jsx-a11y/prefer-tag-over-role -- table elements lose their roles where rows are laid out as grids */
/* oxlint-disable jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- the row group handles the keys of all its rows */
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, memo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useLetters } from '../../state/use-row-keys.ts'
import { CostCell } from '../../components/cost-cell.tsx'
import { TierChip } from '../../components/tier-chip.tsx'
import type { RequestView } from '../../contract.ts'
import { formatTokensShort } from '../../format/figures.ts'
import { formatClock, formatDay, formatStamp, isSameDay } from '../../format/time.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { shownModel } from '../../state/request-figures.ts'
import { useHeldRows } from '../../state/use-held-rows.ts'
import { strings } from '../../strings.ts'

export interface RequestListProps {
  readonly requests: readonly RequestView[]
  readonly selectedId: string | undefined
  readonly onOpen: (id: string) => void
  readonly onClose: () => void
}

/** Height of a row with its line, px; the style sheet has the same. */
const rowHeight = 42
/** Rows drawn beyond what is seen, at either end. */
const overscan = 8

/**
 * The live list: rows of fixed height, held still while somebody reads it. Only the rows in sight are drawn, and the one
 * that has the focus or would get it.
 */
export function RequestList({ requests, selectedId, onOpen, onClose }: RequestListProps) {
  const held = useHeldRows(requests)
  const body = useRef<HTMLDivElement>(null)
  const [focusedId, setFocusedId] = useState<string>()
  const ids = held.rows.map((request) => request.id)
  const entry = [focusedId, selectedId].find((id) => id !== undefined && ids.includes(id)) ?? ids[0]
  const entryPlace = entry === undefined ? -1 : ids.indexOf(entry)
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => body.current,
    estimateSize: () => rowHeight,
    overscan,
    initialRect: { width: 0, height: 800 },
    getItemKey: (place) => ids[place] ?? place,
    rangeExtractor: (range) => {
      const seen = defaultRangeExtractor(range)
      return entryPlace < 0 || seen.includes(entryPlace)
        ? seen
        : [...seen, entryPlace].toSorted((one, other) => one - other)
    },
  })
  const showNew = () => {
    held.release()
    body.current?.scrollTo({ top: 0 })
  }
  const focusRow = (place: number) => {
    const id = ids[place]
    if (id === undefined) return
    rows.scrollToIndex(place)
    // Drawn before it can have the focus.
    flushSync(() => setFocusedId(id))
    body.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true })
  }
  const handleKey = (event: KeyboardEvent) => {
    const place = ids.indexOf((event.target as HTMLElement).dataset.id ?? '')
    const id = ids[place]
    if (id === undefined) return
    const target = targetOf(event, place, ids.length)
    if (event.key === 'Enter' || event.key === ' ') onOpen(id)
    else if (event.key === 'Escape') onClose()
    else if (isCopy(event)) void navigator.clipboard.writeText(id)
    else if (target !== undefined) focusRow(target)
    else return
    event.preventDefault()
  }
  useLetters((step) => focusRow(focusedId === undefined && selectedId === undefined ? 0 : entryPlace + step))
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
          <div role="presentation" className="grid-rows" style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map(({ index, start }) => {
              const request = held.rows[index]
              return (
                request !== undefined && (
                  <RequestRow
                    key={request.id}
                    request={request}
                    rowIndex={index + 2}
                    top={start}
                    selected={request.id === selectedId}
                    entry={request.id === entry}
                    onOpen={onOpen}
                    onFocus={setFocusedId}
                  />
                )
              )
            })}
          </div>
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
  /** Where it stands in the list, px from its head. */
  readonly top: number
  readonly selected: boolean
  /** The row that Tab enters the list by. */
  readonly entry: boolean
  readonly onOpen: (id: string) => void
  readonly onFocus: (id: string) => void
}

const RequestRow = memo(function RequestRow(props: RequestRowProps) {
  const { request, rowIndex, top, selected, entry, onOpen, onFocus } = props
  const { now } = useSurroundings()
  const usage = request.usage
  return (
    <div
      role="row"
      className="grid-row"
      aria-rowindex={rowIndex}
      aria-selected={selected}
      style={{ transform: `translateY(${top}px)` }}
      tabIndex={entry ? 0 : -1}
      data-id={request.id}
      onClick={() => onOpen(request.id)}
      onFocus={() => onFocus(request.id)}
    >
      <span role="gridcell" className="time" title={formatStamp(request.startedAt)}>
        {formatClock(request.startedAt)}
        {!isSameDay(request.startedAt, now()) && <span className="under">{formatDay(request.startedAt)}</span>}
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

/** The place that a key leads to; undefined for any other key. */
function targetOf(event: KeyboardEvent, place: number, count: number): number | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined
  const targets: Record<string, number> = {
    ArrowDown: place + 1,
    ArrowUp: place - 1,
    j: place + 1,
    k: place - 1,
    Home: 0,
    End: count - 1,
  }
  const target = targets[event.key]
  return target === undefined ? undefined : Math.min(count - 1, Math.max(0, target))
}

function isCopy(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && event.key === 'c' && String(window.getSelection()) === ''
}
