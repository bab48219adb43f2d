import { IconActivity, IconArrowsSplit2 } from '@tabler/icons-react'
import { CopyButton } from '../components/copy-button.tsx'
import { Mark } from '../components/mark.tsx'
import type { LiveState } from '../state/live-state.ts'
import type { Page } from '../state/page.ts'
import { markState, stateWords } from '../state/summary.ts'
import { strings } from '../strings.ts'

export interface SidebarProps {
  readonly live: LiveState
  readonly page: Page['name']
}

/** Mark, state, pages, and the endpoint at the foot. Icons alone where the window is narrow. */
export function Sidebar({ live, page }: SidebarProps) {
  const routers = live.routers.length
  return (
    <aside className="sidebar">
      <div className="sidebar-head" title={stateWords(live)}>
        <Mark state={markState(live)} />
        <div className="name-block sidebar-word">
          <span className="product">{strings.name}</span>
          <span className="under">{stateWords(live)}</span>
        </div>
      </div>
      <nav aria-label={strings.pages.navigation}>
        <a
          href="#/activity"
          className="sidebar-link"
          title={strings.pages.activity}
          aria-current={page === 'activity' ? 'page' : undefined}
        >
          <IconActivity size={16} stroke={1.4} aria-hidden="true" />
          <span className="sidebar-word">{strings.pages.activity}</span>
        </a>
        <a
          href="#/routers"
          className="sidebar-link"
          title={strings.pages.routers}
          aria-current={page === 'routers' ? 'page' : undefined}
        >
          <IconArrowsSplit2 size={16} stroke={1.4} aria-hidden="true" />
          <span className="sidebar-word">{strings.pages.routers}</span>
          {routers > 0 && (
            <span className="sidebar-count" aria-hidden="true">
              {routers}
            </span>
          )}
        </a>
      </nav>
      {live.status !== null && (
        <div className="endpoint">
          <div className="name-block sidebar-word">
            <span className="under">{strings.endpoint}</span>
            <code title={`${live.status.url}/v1`}>{live.status.url.replace(/^https?:\/\//, '')}</code>
          </div>
          <CopyButton value={`${live.status.url}/v1`} label={strings.copy.endpoint} />
        </div>
      )}
    </aside>
  )
}
