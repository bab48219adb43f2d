import { useCallback, useEffect, useState } from 'react'
import { ConfigNotice } from '../components/config-notice.tsx'
import { ConnectionBar } from '../components/connection-bar.tsx'
import { useLive } from '../state/live-context.tsx'
import type { LiveState } from '../state/live-state.ts'
import { type Page, pageCalled, pageOrder } from '../state/page.ts'
import { openPage, usePage } from '../state/use-page.ts'
import { ActivityPage } from './activity/activity-page.tsx'
import { AgentsPage, rolesPlace } from './agents/agents-page.tsx'
import { KeysPage } from './keys/keys-page.tsx'
import { BackendsPage } from './backends/backends-page.tsx'
import { ModelsPage } from './models/models-page.tsx'
import { RolesPage } from './roles/roles-page.tsx'
import { SettingsPage } from './settings/settings-page.tsx'
import { type RouterDrafts, RoutersPage } from './routers/routers-page.tsx'
import { Sidebar } from './sidebar.tsx'
import { SpendPage } from './spend/spend-page.tsx'

/** The dashboard: sidebar and one page. */
export function Dashboard() {
  const live = useLive()
  const page = usePage()
  const [drafts, setDrafts] = useState<RouterDrafts>({})
  const setDraft = useCallback(
    (router: string, edits: RouterDrafts[string]) => setDrafts((before) => ({ ...before, [router]: edits })),
    [],
  )
  usePageShortcuts()
  return (
    <div className="dashboard">
      <Sidebar live={live} page={page.name} />
      <main className="page">
        <ConnectionBar live={live} />
        {live.status !== null && <ConfigNotice config={live.status.config} />}
        <div className={`page-body ${live.connection === 'away' ? 'stale' : 'fresh'}`}>
          <Shown page={page} live={live} drafts={drafts} onDraft={setDraft} />
        </div>
      </main>
    </div>
  )
}

interface ShownProps {
  readonly page: Page
  readonly live: LiveState
  readonly drafts: RouterDrafts
  readonly onDraft: (router: string, edits: RouterDrafts[string]) => void
}

function Shown({ page, live, drafts, onDraft }: ShownProps) {
  switch (page.name) {
    case 'activity':
      return <ActivityPage live={live} selectedId={page.requestId} />
    case 'spend':
      return <SpendPage live={live} />
    case 'routers':
      return <RoutersPage live={live} selected={page.router} drafts={drafts} onDraft={onDraft} />
    case 'backends':
      return <BackendsPage live={live} />
    case 'models':
      return <ModelsPage live={live} selected={page.model} />
    // It stands in place of the whole dashboard.
    case 'setup':
      return null
    case 'settings':
      return <SettingsPage live={live} />
    case 'keys':
      return <KeysPage live={live} selected={page.key} />
    case 'agents':
      return page.agent === rolesPlace ? <RolesPage live={live} /> : <AgentsPage live={live} selected={page.agent} />
  }
}

/** Ctrl or Command with a digit opens the page at that place of the sidebar, with a comma the settings. */
function usePageShortcuts() {
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      const name = event.key === ',' ? 'settings' : pageOrder[Number(event.key) - 1]
      if (name === undefined) return
      openPage(pageCalled(name))
      event.preventDefault()
    }
    window.addEventListener('keydown', handle)
    return () => window.removeEventListener('keydown', handle)
  }, [])
}
