import { formatClockShort } from '../format/time.ts'
import { desktopBridge } from '../state/desktop-bridge.ts'
import type { LiveState } from '../state/live-state.ts'
import { useGatewayProcess } from '../state/use-gateway-process.ts'
import { strings } from '../strings.ts'

const words = strings.connection

/** The one bar while the gateway is away; nothing while it is there. */
export function ConnectionBar({ live }: { readonly live: LiveState }) {
  return live.connection === 'away' ? <Away lastHeardAt={live.lastHeardAt} /> : null
}

/** In the desktop application it says why the gateway does not run, and starts it again where it does not do so by itself. */
function Away({ lastHeardAt }: { readonly lastHeardAt: number | null }) {
  const process = useGatewayProcess()
  const needsStart = process?.phase === 'failed' || process?.phase === 'stopped'
  const port = process?.offeredPort ?? null
  return (
    <div className="connection-bar">
      <span>{awayWords(process, lastHeardAt)}</span>
      {needsStart && port !== null && (
        <button type="button" className="button button-small" onClick={() => desktopBridge()?.startGateway(port)}>
          {words.otherPort(port)}
        </button>
      )}
      {needsStart && (
        <button type="button" className="button button-small" onClick={() => desktopBridge()?.startGateway()}>
          {words.startAgain}
        </button>
      )}
    </div>
  )
}

function awayWords(process: ReturnType<typeof useGatewayProcess>, lastHeardAt: number | null): string {
  switch (process?.phase) {
    case 'failed':
      // The first line says it; the rest is for the log.
      return process.message?.split('\n', 1)[0] ?? words.stopped
    case 'waiting':
      return words.crashed
    case 'stopped':
      return words.stopped
    default:
      return lastHeardAt === null ? words.never : words.lost(formatClockShort(lastHeardAt))
  }
}
