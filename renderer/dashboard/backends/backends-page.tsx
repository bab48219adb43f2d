import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useSurroundings } from '../../state/live-context.tsx'
import { hostsOf } from '../../state/backend-hosts.ts'
import type { LiveState } from '../../state/live-state.ts'
import { failureReason } from '../../state/failure-reason.ts'
import { useNetwork } from '../../state/use-network.ts'
import { strings } from '../../strings.ts'
import { HostCard } from './host-card.tsx'
import { LineDiagram } from './line-diagram.tsx'

const words = strings.backends

/** Local servers: a card per machine with its servers, their models, and what to do where one does not serve. */
export function BackendsPage({ live }: { readonly live: LiveState }) {
  const { client } = useSurroundings()
  const hosts = hostsOf(live.backends)
  // The gateway asks servers less and less while nobody looks; this says that somebody does. What is new comes by event.
  useEffect(() => void client.backends().catch(() => undefined), [client])
  const queries = useQueryClient()
  const network = useNetwork()
  const look = useMutation({
    mutationFn: client.refreshBackends,
    onSuccess: (list) => {
      queries.setQueryData(['backends'], list)
      return queries.invalidateQueries({ queryKey: ['network'] })
    },
  })
  return (
    <div className="scroll-page">
      <header className="page-header">
        <h1>{strings.pages.backends}</h1>
        {hosts.length > 0 && <span className="page-summary">{words.summary(hosts.length, live.backends.length)}</span>}
        <div className="page-actions">
          {look.isError && (
            <span className="field-error" role="alert">
              {words.lookFailed(failureReason(look.error))}
            </span>
          )}
          <button
            type="button"
            className="button look-button"
            title={words.lookHint}
            disabled={look.isPending || live.connection !== 'live'}
            onClick={() => look.mutate()}
          >
            {look.isPending ? words.looking : words.look}
          </button>
        </div>
      </header>
      {network !== undefined && <LineDiagram network={network} />}
      {hosts.length > 0 ? (
        <div className="host-cards">
          {hosts.map((host) => (
            <HostCard key={host.address ?? ''} host={host} />
          ))}
        </div>
      ) : (
        live.status !== null && <NoBackends discovery={live.discovery} path={live.status.config.path} />
      )}
    </div>
  )
}

function NoBackends({ discovery, path }: { readonly discovery: boolean; readonly path: string }) {
  return (
    <div className="empty">
      <h2>{discovery ? words.emptyTitle : words.offTitle}</h2>
      <p>
        {discovery ? words.emptyText : words.offText} <code className="breakable">{path}</code>
      </p>
    </div>
  )
}
