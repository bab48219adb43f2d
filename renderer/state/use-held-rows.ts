import { type FocusEvent, type PointerEvent, type UIEvent, useState } from 'react'
import type { RequestView } from '../contract.ts'
import { type ArrangedRows, arrangeRows } from './held-rows.ts'

type Reason = 'pointer' | 'scroll' | 'focus'

/** Holds a list still while somebody points at it, has scrolled it or has a row focused; `release` lets the new rows in. */
export function useHeldRows(requests: readonly RequestView[]) {
  const [reasons, setReasons] = useState<ReadonlySet<Reason>>(new Set())
  const [heldIds, setHeldIds] = useState<ReadonlySet<string> | null>(null)
  const idsNow = () => new Set(requests.map((request) => request.id))
  const hold = (reason: Reason, holds: boolean) => {
    if (reasons.has(reason) === holds) return
    const next = new Set(reasons)
    if (holds) next.add(reason)
    else next.delete(reason)
    setReasons(next)
    if (next.size === 0) setHeldIds(null)
    else if (reasons.size === 0) setHeldIds(idsNow())
  }
  const arranged: ArrangedRows = arrangeRows(requests, heldIds)
  return {
    ...arranged,
    release: () => setHeldIds(idsNow()),
    holdProps: {
      onPointerEnter: (event: PointerEvent) => {
        if (event.pointerType === 'mouse') hold('pointer', true)
      },
      onPointerLeave: () => hold('pointer', false),
      onFocus: () => hold('focus', true),
      onBlur: (event: FocusEvent<HTMLElement>) => {
        if (!event.currentTarget.contains(event.relatedTarget)) hold('focus', false)
      },
      onScroll: (event: UIEvent<HTMLElement>) => hold('scroll', event.currentTarget.scrollTop > 0),
    },
  }
}
