import { formatClockShort } from '../format/time.ts'
import type { LiveState } from '../state/live-state.ts'
import { strings } from '../strings.ts'

/** The one bar while the gateway is away; nothing while it is there. */
export function ConnectionBar({ live }: { readonly live: LiveState }) {
  if (live.connection !== 'away') return null
  const text =
    live.lastHeardAt === null ? strings.connection.never : strings.connection.lost(formatClockShort(live.lastHeardAt))
  return <div className="connection-bar">{text}</div>
}
