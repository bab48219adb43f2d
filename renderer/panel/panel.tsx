import { IconLayoutSidebar } from '@tabler/icons-react'
import { useEffect } from 'react'
import { ConfigNotice } from '../components/config-notice.tsx'
import { ConnectionBar } from '../components/connection-bar.tsx'
import { CopyButton } from '../components/copy-button.tsx'
import { Mark } from '../components/mark.tsx'
import { RouterControl } from '../components/router-control.tsx'
import { RequestPage } from '../dashboard/activity/request-page.tsx'
import { hasDashboardWindow, openDashboard } from '../state/desktop-bridge.ts'
import { useLive } from '../state/live-context.tsx'
import type { LiveState } from '../state/live-state.ts'
import { writePage } from '../state/page.ts'
import { isDemoRouter, markState, routerWords, stateWords } from '../state/summary.ts'
import { openPage, usePage } from '../state/use-page.ts'
import { strings } from '../strings.ts'
import { PauseButton } from './pause-button.tsx'
import { PanelLimits } from './panel-limits.tsx'
import { PanelPlaces } from './panel-places.tsx'
import { PanelRequests } from './panel-requests.tsx'
import { PanelSpend } from './panel-spend.tsx'

/** The tray panel, and the whole interface where the page is as narrow as one. */
export function Panel() {
  const live = useLive()
  const page = usePage()
  useDashboardShortcut()
  const openRequest = (id: string) => {
    const target = { name: 'activity', requestId: id } as const
    if (hasDashboardWindow()) openDashboard(writePage(target))
    else openPage(target)
  }
  if (page.name === 'activity' && page.requestId !== undefined) {
    return (
      <main className="panel panel-request">
        <RequestPage
          id={page.requestId}
          onClose={() => openPage({ name: 'activity', requestId: undefined })}
          covering
        />
      </main>
    )
  }
  return (
    <main className="panel">
      <PanelHeader live={live} />
      <ConnectionBar live={live} />
      {live.status !== null && <ConfigNotice config={live.status.config} />}
      <div className={live.connection === 'away' ? 'stale' : 'fresh'}>
        <PanelRouters live={live} />
        <PanelRequests live={live} onOpen={openRequest} />
        <PanelSpend live={live} />
        <PanelPlaces />
        <PanelLimits />
      </div>
    </main>
  )
}

/** Ctrl or Command with D opens the dashboard. */
function useDashboardShortcut() {
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key !== 'd') return
      event.preventDefault()
      openDashboard(writePage({ name: 'activity', requestId: undefined }))
    }
    window.addEventListener('keydown', handle)
    return () => window.removeEventListener('keydown', handle)
  }, [])
}

function PanelHeader({ live }: { readonly live: LiveState }) {
  return (
    <header className="panel-header">
      <Mark state={markState(live)} />
      <div className="name-block">
        <h1 className="product">{strings.name}</h1>
        <span className="under">{stateWords(live)}</span>
      </div>
      {live.status !== null && <CopyButton value={`${live.status.url}/v1`} label={strings.copy.endpoint} />}
      <PauseButton live={live} />
      <button
        type="button"
        className="icon-button"
        aria-label={strings.openDashboard}
        title={strings.openDashboard}
        onClick={() => openDashboard(writePage({ name: 'activity', requestId: undefined }))}
      >
        <IconLayoutSidebar size={16} stroke={1.4} aria-hidden="true" />
      </button>
    </header>
  )
}

function PanelRouters({ live }: { readonly live: LiveState }) {
  return (
    <section className="panel-section">
      <h2 className="label">{strings.routers.title}</h2>
      {live.connection !== 'connecting' && live.routers.length === 0 && <p className="under">{strings.routers.none}</p>}
      <div className="panel-routers">
        {live.routers.map((router) => (
          <RouterControl
            key={router.name}
            router={router}
            renderWords={(shown) => (
              <span className={`name-block${shown.position.mode === 'off' ? ' name-off' : ''}`}>
                <span className="name" title={shown.name}>
                  {shown.name}
                </span>
                <span className="under">{routerWords(shown, isDemoRouter(shown))}</span>
              </span>
            )}
          />
        ))}
      </div>
    </section>
  )
}
