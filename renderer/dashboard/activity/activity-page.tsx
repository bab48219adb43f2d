import { useMediaQuery } from '@mantine/hooks'
import { useCallback, useState } from 'react'
import { Command } from '../../components/command.tsx'
import { Lamp } from '../../components/lamp.tsx'
import { SpendFigure } from '../../components/spend-figure.tsx'
import type { LiveState } from '../../state/live-state.ts'
import { agentsOf, isFiltering, noFilter } from '../../state/request-filter.ts'
import { openPage } from '../../state/use-page.ts'
import { useRequests } from '../../state/use-requests.ts'
import { strings } from '../../strings.ts'
import { FilterBar } from './filter-bar.tsx'
import { RequestList } from './request-list.tsx'
import { RequestPage } from './request-page.tsx'

const words = strings.activity

export interface ActivityPageProps {
  readonly live: LiveState
  readonly selectedId: string | undefined
}

/** The live list of requests with its search and filters and, for a selected one, its story. */
export function ActivityPage({ live, selectedId }: ActivityPageProps) {
  const narrow = useMediaQuery('(max-width: 899px)', false, { getInitialValueInEffect: false })
  const [filter, setFilter] = useState(noFilter)
  const found = useRequests(filter)
  const filtering = isFiltering(filter)
  const open = useCallback(
    (id: string) => openPage({ name: 'activity', requestId: id }, selectedId !== undefined),
    [selectedId],
  )
  const close = useCallback(() => openPage({ name: 'activity', requestId: undefined }), [])
  const selected = selectedId !== undefined
  if (narrow && selected) return <RequestPage id={selectedId} onClose={close} covering />
  const none = live.requests.length === 0 && live.connection !== 'connecting' && !filtering
  return (
    <div className={`activity${selected ? ' activity-selected' : ''}`}>
      <header className="page-header activity-header">
        <h1>{strings.pages.activity}</h1>
        <LiveWord live={live} />
        <FilterBar filter={filter} agents={agentsOf(live.requests)} onChange={setFilter} />
        {!selected && !filtering && <SpendFigure spend={live.status?.spendToday} />}
      </header>
      <div className="activity-list">
        {filtering && (
          <p className="found-line">
            <output className="under">
              {found.searching
                ? words.searching
                : ((found.problem && words.searchFailed(found.problem)) ?? words.found(found.requests.length))}
            </output>
            {found.readMore !== undefined && (
              <button type="button" className="link" onClick={found.readMore}>
                {words.more}
              </button>
            )}
            <button type="button" className="link found-clear" onClick={() => setFilter(noFilter)}>
              {words.clear}
            </button>
          </p>
        )}
        {none ? (
          <FirstRequest live={live} />
        ) : filtering && found.requests.length === 0 && !found.searching ? (
          <div className="empty">
            <h2>{words.noneTitle}</h2>
            <p>{words.noneText}</p>
          </div>
        ) : (
          <RequestList requests={found.requests} selectedId={selectedId} onOpen={open} onClose={close} />
        )}
      </div>
      {selected && <RequestPage id={selectedId} onClose={close} covering={false} />}
    </div>
  )
}

function LiveWord({ live }: { readonly live: LiveState }) {
  const state = strings.state
  const shown = {
    live: ['up', state.live],
    connecting: ['loading', state.waiting],
    away: ['away', state.away],
    refused: ['failed', state.away],
  } as const
  const [lamp, word] = shown[live.connection]
  return (
    <span className="live-word">
      <Lamp state={lamp} />
      {word}
    </span>
  )
}

function FirstRequest({ live }: { readonly live: LiveState }) {
  const demo = live.status?.demo === 'listed'
  const model = demo ? 'demo-router' : live.routers.find((router) => router.position.mode !== 'off')?.name
  return (
    <div className="empty">
      <h2>{strings.requests.emptyTitle}</h2>
      <p>{demo ? strings.requests.emptyDemo : strings.requests.emptyText}</p>
      <Command text={firstRequestCommand(live.status?.url ?? '', model ?? strings.requests.anyModel)} />
    </div>
  )
}

/** A first request to paste into a terminal. The key is read by the shell, so that it is never on screen. */
function firstRequestCommand(url: string, model: string): string {
  return [
    `curl ${url}/v1/chat/completions \\`,
    '  -H "Authorization: Bearer $(npm run -s cli -- keys show)" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d '{"model": "${model}",`,
    `       "messages": [{"role": "user", "content": "hello"}]}'`,
  ].join('\n')
}
