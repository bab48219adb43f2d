import { type FocusEvent, type PointerEvent, type UIEvent, useState } from 'react'
import type { RequestView } from '../contract.ts'
import { type ArrangedRows, arrangeRows } from './held-rows.ts'

type Reason = 'pointer' | 'scroll' | 'focus'

/**
 * Holds a list of the newest requests (`limit` of them) still while somebody points at it, has scrolled it or has
 * something in it focused; `release` lets the new rows in. `holdProps` belong to what holds both the rows and the button
 * that calls `release`: the rows must go on waiting while somebody moves from them to the button.
 */
export function useHeldRows(requests: readonly RequestView[], limit?: number) {
  const [reasons, setReasons] = useState<ReadonlySet<Reason>>(new Set())
  const [heldIds, setHeldIds] = useState<ReadonlySet<string> | null>(null)
  const idsNow = () => new Set(requests.slice(0, limit).map((request) => request.id))
  const hold = (reason: Reason, holds: boolean) => {
    if (reasons.has(reason) === holds) return
    const next = new Set(reasons)
    if (holds) next.add(reason)
    else next.delete(reason)
    setReasons(next)
    if (next.size === 0) setHeldIds(null)
    else if (reasons.size === 0) setHeldIds(idsNow())
  }
  const arranged: ArrangedRows = arrangeRows(requests, heldIds, limit)
  const release = () => {
    setHeldIds(idsNow())
    // The button that was pressed goes, and the focus with it, without a word.
    hold('focus', false)
  }
  return {
    ...arranged,
    release,
    holdProps: {
      onPointerEnter: (event: PointerEvent) => {
        if (event.pointerType === 'mouse') hold('pointer', true)
      },
      onPointerLeave: () => hold('pointer', false),
      onFocus: () => hold('focus', true),
      onBlur: (event: FocusEvent<HTMLElement>) => {
        if (!event.currentTarget.contains(event.relatedTarget)) hold('focus', false)
      },
    },
    onScroll: (event: UIEvent<HTMLElement>) => hold('scroll', event.currentTarget.scrollTop > 0),
  }
}
