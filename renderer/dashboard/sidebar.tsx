import {
  IconActivity,
  IconAdjustmentsHorizontal,
  IconCategory,
  IconRoute,
  IconArrowsSplit2,
  IconChartBar,
  IconKey,
  IconServer2,
  IconTerminal,
} from '@tabler/icons-react'
import { CopyButton } from '../components/copy-button.tsx'
import { Mark } from '../components/mark.tsx'
import { needsCare } from '../state/backend-hosts.ts'
import type { LiveState } from '../state/live-state.ts'
import { type PageName, pageCalled, pageOrder, writePage } from '../state/page.ts'
import { markState, stateWords } from '../state/summary.ts'
import { strings } from '../strings.ts'

export interface SidebarProps {
  readonly live: LiveState
  readonly page: PageName
}

const icons = {
  activity: IconActivity,
  spend: IconChartBar,
  routers: IconArrowsSplit2,
  backends: IconServer2,
  keys: IconKey,
  agents: IconTerminal,
  settings: IconAdjustmentsHorizontal,
  models: IconCategory,
  setup: IconRoute,
} as const satisfies Record<PageName, unknown>

/** Mark, state, pages, and the endpoint at the foot. Icons alone where the window is narrow. */
export function Sidebar({ live, page }: SidebarProps) {
  const counts: Partial<Record<PageName, number>> = { routers: live.routers.length, backends: live.backends.length }
  const troubled = live.backends.filter(needsCare)
  const away = troubled.filter(({ state }) => state === 'down').length
  const trouble = troubled.length === 0 ? undefined : strings.backends.troubled(troubled.length, away)
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
        {pageOrder.map((name) => (
          <PageLink
            key={name}
            name={name}
            current={name === page}
            count={counts[name] ?? 0}
            trouble={name === 'backends' ? trouble : undefined}
          />
        ))}
      </nav>
      <nav className="sidebar-foot" aria-label={strings.pages.settings}>
        <PageLink name="settings" current={page === 'settings'} count={0} trouble={undefined} />
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

interface PageLinkProps {
  readonly name: PageName
  readonly current: boolean
  /** Stands at the right; 0 is not shown. */
  readonly count: number
  /** Stands in place of the count, coloured. */
  readonly trouble: string | undefined
}

function PageLink({ name, current, count, trouble }: PageLinkProps) {
  const Icon = icons[name]
  return (
    <a
      href={writePage(pageCalled(name))}
      className="sidebar-link"
      title={strings.pages[name]}
      aria-current={current ? 'page' : undefined}
    >
      <Icon size={16} stroke={1.4} aria-hidden="true" />
      <span className="sidebar-word">{strings.pages[name]}</span>
      {trouble !== undefined && <span className="sidebar-count sidebar-trouble">{trouble}</span>}
      {trouble === undefined && count > 0 && (
        <span className="sidebar-count" aria-hidden="true">
          {count}
        </span>
      )}
    </a>
  )
}
