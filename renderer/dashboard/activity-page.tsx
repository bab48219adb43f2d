import { useMediaQuery } from '@mantine/hooks'
import { useCallback } from 'react'
import { Command } from '../components/command.tsx'
import { Lamp } from '../components/lamp.tsx'
import { SpendFigure } from '../components/spend-figure.tsx'
import type { LiveState } from '../state/live-state.ts'
import { openPage } from '../state/use-page.ts'
import { strings } from '../strings.ts'
import { RequestList } from './request-list.tsx'
import { RequestPage } from './request-page.tsx'

export interface ActivityPageProps {
  readonly live: LiveState
  readonly selectedId: string | undefined
}

/** The live list of requests and, for a selected one, its story. */
export function ActivityPage({ live, selectedId }: ActivityPageProps) {
  const narrow = useMediaQuery('(max-width: 899px)', false, { getInitialValueInEffect: false })
  const open = useCallback(
    (id: string) => openPage({ name: 'activity', requestId: id }, selectedId !== undefined),
    [selectedId],
  )
  const close = useCallback(() => openPage({ name: 'activity', requestId: undefined }), [])
  const selected = selectedId !== undefined
  const covers = narrow && selected
  return (
    <div className={`activity${selected ? ' activity-selected' : ''}`}>
      {!covers && (
        <div className="activity-list">
          <header className="page-header">
            <h1>{strings.pages.activity}</h1>
            <LiveWord live={live} />
            {!selected && <SpendFigure spend={live.status?.spendToday} />}
          </header>
          {live.requests.length === 0 && live.connection !== 'connecting' ? (
            <FirstRequest live={live} />
          ) : (
            <RequestList requests={live.requests} selectedId={selectedId} onOpen={open} onClose={close} />
          )}
        </div>
      )}
      {selected && <RequestPage id={selectedId} onClose={close} covering={narrow} />}
    </div>
  )
}

function LiveWord({ live }: { readonly live: LiveState }) {
  const words = strings.state
  const shown = {
    live: ['up', words.live],
    connecting: ['loading', words.waiting],
    away: ['away', words.away],
    refused: ['failed', words.away],
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
