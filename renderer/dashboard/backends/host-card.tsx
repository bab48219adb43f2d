import { IconAlertTriangle } from '@tabler/icons-react'
import { lampOf } from '../../components/backend-lamp.ts'
import { Lamp } from '../../components/lamp.tsx'
import type { BackendView } from '../../contract.ts'
import { formatRelative, formatStamp } from '../../format/time.ts'
import { formatWindow } from '../../format/size.ts'
import { type BackendHost, needsCare, portText } from '../../state/backend-hosts.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { strings } from '../../strings.ts'
import { GpuBars } from './gpu-bars.tsx'
import { ModelTable } from './model-table.tsx'

const words = strings.backends
/** What answered within this time is here now. */
const nowMs = 10_000

/** One machine: its servers, then the models of all of them. */
export function HostCard({ host }: { readonly host: BackendHost }) {
  const title = host.address === undefined ? words.thisMachine : (host.name ?? host.address)
  const models = host.servers.flatMap((server) => server.models)
  const before = host.servers.flatMap((server) => (server.state === 'up' ? [] : (server.asLastSeen ?? [])))
  return (
    <section className="card host-card" aria-label={title}>
      <header className="host-head">
        <h2>{title}</h2>
        {host.address !== undefined && host.name !== undefined && <code className="under">{host.address}</code>}
        <SeenWords host={host} />
      </header>
      <ul>
        {host.servers.map((server) => (
          <ServerRow key={server.url} server={server} />
        ))}
      </ul>
      {host.address === undefined && <GpuBars />}
      {models.length > 0 && <ModelTable models={models} caption={words.caption(title)} />}
      {models.map((model) => (
        <CutContext key={model.name} model={model} />
      ))}
      {before.map((seen) => (
        <LastKnown key={seen.models[0]?.name ?? seen.at} seen={seen} title={title} />
      ))}
    </section>
  )
}

interface LastKnownProps {
  readonly seen: NonNullable<BackendView['asLastSeen']>
  readonly title: string
}

/** What a server that is away had: hatched and dated, since nobody knows whether it still has it. */
function LastKnown({ seen, title }: LastKnownProps) {
  const { now } = useSurroundings()
  if (seen.models.length === 0) return null
  return (
    <div className="last-known">
      <p className="label" title={formatStamp(seen.at)}>
        {words.asLastSeen(formatRelative(seen.at, now()))}
      </p>
      <ModelTable models={seen.models} caption={words.caption(title)} away />
    </div>
  )
}

function SeenWords({ host }: { readonly host: BackendHost }) {
  const { now } = useSurroundings()
  const age = host.lastSeenAt === null ? Number.POSITIVE_INFINITY : now() - host.lastSeenAt
  if (host.anyUp || age < nowMs) return <span className="under host-seen">{words.seenNow}</span>
  if (host.lastSeenAt === null) return <span className="under host-seen">{words.neverSeen}</span>
  return (
    <span className="under host-seen" title={formatStamp(host.lastSeenAt)}>
      {words.lastSeen(formatRelative(host.lastSeenAt, now()))}
    </span>
  )
}

function ServerRow({ server }: { readonly server: BackendView }) {
  const troubled = needsCare(server)
  const advice = server.remedy === null || server.state === 'unknown' ? undefined : server.remedy
  const reason = server.reason === null || server.state === 'unknown' ? undefined : server.reason
  return (
    <li className="server-row">
      <div className="server-line">
        <Lamp state={lampOf(server)} />
        <span className="server-label">{server.label}</span>
        <code className="server-port" title={server.url}>
          {portText(server.url)}
        </code>
        <span className={troubled ? 'tone-warning server-words' : 'quiet server-words'}>{serverWords(server)}</span>
        <span className="under server-name">{server.name}</span>
      </div>
      {(reason !== undefined || advice !== undefined) && (
        <p className="server-advice">
          {troubled && <IconAlertTriangle size={14} stroke={1.4} aria-hidden="true" />}
          <span>
            {reason !== undefined && (
              <span className={troubled ? 'advice-reason' : undefined}>{words.because(server.label, reason)} </span>
            )}
            {advice}
          </span>
        </p>
      )}
    </li>
  )
}

function serverWords(server: BackendView): string {
  const { state, version, models, busy, added } = server
  if (state === 'down' && needsCare(server)) return words.states.away
  if (state !== 'up') return words.states[state]
  if (!added) return words.offered
  return [...(version === null ? [] : [version]), words.models(models.length), ...(busy ? [words.busy] : [])].join(', ')
}

/** A model that was loaded with less than it can take cuts long conversations. */
function CutContext({ model }: { readonly model: BackendView['models'][number] }) {
  const { contextWindow, loadedContext } = model
  if (model.loaded !== true || contextWindow === null || loadedContext === null) return null
  if (loadedContext >= contextWindow) return null
  return (
    <p className="host-note tone-warning">
      <IconAlertTriangle size={14} stroke={1.4} aria-hidden="true" />
      {words.cut(model.name, formatWindow(loadedContext), formatWindow(contextWindow))}
    </p>
  )
}
