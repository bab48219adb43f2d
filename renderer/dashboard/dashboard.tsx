import { useEffect } from 'react'
import { ConfigNotice } from '../components/config-notice.tsx'
import { ConnectionBar } from '../components/connection-bar.tsx'
import { useLive } from '../state/live-context.tsx'
import { openPage, usePage } from '../state/use-page.ts'
import { ActivityPage } from './activity-page.tsx'
import { RoutersPage } from './routers-page.tsx'
import { Sidebar } from './sidebar.tsx'

/** The dashboard: sidebar and one page. */
export function Dashboard() {
  const live = useLive()
  const page = usePage()
  usePageShortcuts()
  return (
    <div className="dashboard">
      <Sidebar live={live} page={page.name} />
      <main className="page">
        <ConnectionBar live={live} />
        {live.status !== null && <ConfigNotice config={live.status.config} />}
        <div className={`page-body ${live.connection === 'away' ? 'stale' : 'fresh'}`}>
          {page.name === 'activity' ? (
            <ActivityPage live={live} selectedId={page.requestId} />
          ) : (
            <RoutersPage live={live} selected={page.router} />
          )}
        </div>
      </main>
    </div>
  )
}

/** Ctrl or Command with 1 and 2 open the pages. */
function usePageShortcuts() {
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      if (event.key === '1') openPage({ name: 'activity', requestId: undefined })
      else if (event.key === '2') openPage({ name: 'routers', router: undefined })
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', handle)
    return () => window.removeEventListener('keydown', handle)
  }, [])
}
