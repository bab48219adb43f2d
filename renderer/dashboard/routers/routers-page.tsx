import { Tabs } from '@mantine/core'
import { RouterControl } from '../../components/router-control.tsx'
import { TierShape } from '../../components/tier-shape.tsx'
import type { RouterView } from '../../contract.ts'
import type { LiveState } from '../../state/live-state.ts'
import { noEdits, type RouterEdits } from '../../state/router-edits.ts'
import { openPage } from '../../state/use-page.ts'
import { strings } from '../../strings.ts'
import { RouterEditorView } from './router-editor.tsx'

/** What is not saved yet, by router. Kept above the page, so that looking elsewhere loses nothing. */
export type RouterDrafts = Readonly<Record<string, RouterEdits>>

export interface RoutersPageProps {
  readonly live: LiveState
  readonly selected: string | undefined
  readonly drafts: RouterDrafts
  readonly onDraft: (router: string, edits: RouterEdits) => void
}

/** Every router in a tab: its switch, what it decides by, and what that would have meant for last week. */
export function RoutersPage({ live, selected, drafts, onDraft }: RoutersPageProps) {
  const router = live.routers.find((candidate) => candidate.name === selected) ?? live.routers[0]
  return (
    <div className="routers-page">
      <header className="page-header">
        <h1>{strings.pages.routers}</h1>
        {router !== undefined && <span className="page-summary">{strings.routers.summary(live.routers.length)}</span>}
      </header>
      {router === undefined ? (
        live.status !== null && <NoRouters path={live.status.config.path} />
      ) : (
        <Tabs
          value={router.name}
          onChange={(name) => name !== null && openPage({ name: 'routers', router: name }, true)}
          classNames={{ root: 'router-tabs', list: 'router-tab-list', tab: 'router-tab', panel: 'router-panel' }}
        >
          <div className="router-tab-row">
            <Tabs.List>
              {live.routers.map((candidate) => (
                <Tabs.Tab key={candidate.name} value={candidate.name}>
                  {candidate.name}
                  <PositionWord router={candidate} />
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <RouterControl key={router.name} router={router} renderWords={() => null} />
          </div>
          <Tabs.Panel value={router.name}>
            <RouterEditorView
              key={router.name}
              router={router}
              edits={drafts[router.name] ?? noEdits}
              onEdits={(edits) => onDraft(router.name, edits)}
            />
          </Tabs.Panel>
        </Tabs>
      )}
    </div>
  )
}

function NoRouters({ path }: { readonly path: string }) {
  return (
    <div className="empty">
      <h2>{strings.routers.emptyTitle}</h2>
      <p>
        {strings.routers.emptyText} <code>{path}</code>
      </p>
    </div>
  )
}

function PositionWord({ router }: { readonly router: RouterView }) {
  const { position } = router
  if (position.mode === 'auto') return null
  if (position.mode === 'off') return <span className="under"> {strings.routers.offWord}</span>
  return (
    <span className="under">
      {` ${strings.routers.pinnedWord} `}
      <TierShape tier={position.tier} size={8} label={position.tier} />
    </span>
  )
}
