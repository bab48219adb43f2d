import { Tabs } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { RouterControl } from '../components/router-control.tsx'
import { TierChip } from '../components/tier-chip.tsx'
import { TierShape } from '../components/tier-shape.tsx'
import type { RouterView } from '../contract.ts'
import type { LiveState } from '../state/live-state.ts'
import { isDemoRouter, routerWords } from '../state/summary.ts'
import { openPage } from '../state/use-page.ts'
import { strings } from '../strings.ts'
import { TryPrompt } from './try-prompt.tsx'
import { BoundariesPart } from './why-tier.tsx'

export interface RoutersPageProps {
  readonly live: LiveState
  readonly selected: string | undefined
}

/** Every router: its switch, its tiers as chains, its boundaries, and a prompt to try on it. */
export function RoutersPage({ live, selected }: RoutersPageProps) {
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
          <Tabs.List>
            {live.routers.map((candidate) => (
              <Tabs.Tab key={candidate.name} value={candidate.name}>
                {candidate.name}
                <PositionWord router={candidate} />
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={router.name}>
            <RouterDetail key={router.name} router={router} />
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

function RouterDetail({ router }: { readonly router: RouterView }) {
  return (
    <div className="router-detail">
      <div className="router-settings">
        <RouterControl
          router={router}
          renderWords={(shown) => <span className="quiet router-state">{routerWords(shown, isDemoRouter(shown))}</span>}
        />
        {router.warnings.map((warning) => (
          <p key={warning} className="warning-line">
            {warning}
          </p>
        ))}
        <section className="part">
          <header className="part-head">
            <h2>{strings.routers.tiersTitle}</h2>
            <span>{strings.routers.tiersNote}</span>
          </header>
          {router.tiers.map((tier) => (
            <div key={tier.tier} className="tier-line">
              <span className="tier-column">
                <TierChip tier={tier.tier} />
              </span>
              <Chain models={tier.models} />
            </div>
          ))}
        </section>
        <BoundariesPart boundaries={router.boundaries} />
      </div>
      <TryPrompt router={router} />
    </div>
  )
}

function Chain({ models }: { readonly models: RouterView['tiers'][number]['models'] }) {
  if (models.length === 0) return <span className="quiet">{strings.routers.noModel}</span>
  return (
    <ol className="chain">
      {models.map((model, index) => (
        <li key={model.name}>
          {index > 0 && <IconChevronRight size={14} stroke={1.4} aria-hidden="true" />}
          <span
            className={`chain-model chain-${model.state}`}
            title={model.state === 'waiting' ? strings.routers.waiting : undefined}
          >
            {model.name}
            {model.state === 'waiting' && <span className="under"> {strings.routers.waitingWord}</span>}
          </span>
        </li>
      ))}
    </ol>
  )
}
