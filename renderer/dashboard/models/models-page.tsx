import { useMediaQuery } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { failureReason, RequestFailure } from '../../components/failure.tsx'
import type { ModelView } from '../../contract.ts'
import type { LiveState } from '../../state/live-state.ts'
import { useSearchKey } from '../../state/use-search-key.ts'
import { openPage } from '../../state/use-page.ts'
import { useModels } from '../../state/use-settings.ts'
import { strings } from '../../strings.ts'
import { AddModelsPane } from './add-models.tsx'
import { ModelPane } from './model-pane.tsx'
import { ModelTable } from './model-table.tsx'

const words = strings.modelsPage
/** The place of adding in the address. No model is called so. */
const addPlace = '+'

export interface ModelsPageProps {
  readonly live: LiveState
  readonly selected: string | undefined
}

const open = (model: string | undefined) => openPage({ name: 'models', model }, model !== undefined)
const close = () => open(undefined)

/** Every model and router: whether it answers, what it costs and can, who uses it; and more from a provider's list. */
export function ModelsPage({ live, selected }: ModelsPageProps) {
  const narrow = useMediaQuery('(max-width: 899px)', false, { getInitialValueInEffect: false })
  const models = useModels()
  const shown = models.data?.models.find(({ name }) => name === selected)
  const pane =
    selected === addPlace ? (
      <AddModelsPane offline={live.connection !== 'live'} onClose={close} />
    ) : (
      shown !== undefined && <ModelPane model={shown} onClose={close} />
    )
  return (
    <div className={pane === false ? 'keys-page' : 'keys-page keys-selected'}>
      {!(narrow && pane !== false) && (
        <div className="keys-list scroll-page">
          <header className="page-header">
            <h1>{strings.pages.models}</h1>
            {models.data !== undefined && <Summary models={models.data.models} />}
            <div className="page-actions">
              <button type="button" className="button button-primary" onClick={() => open(addPlace)}>
                <IconPlus size={16} stroke={1.4} aria-hidden="true" />
                {words.add}
              </button>
            </div>
          </header>
          {models.data !== undefined ? (
            <ModelList models={models.data.models} selected={selected} compact={pane !== false} live={live} />
          ) : models.isError ? (
            <RequestFailure text={words.failed(failureReason(models.error))} onAgain={() => void models.refetch()} />
          ) : (
            <div className="page-column">
              <div className="card card-waiting still" />
            </div>
          )}
        </div>
      )}
      {pane}
    </div>
  )
}

function Summary({ models }: { readonly models: readonly ModelView[] }) {
  const routers = models.filter(({ kind }) => kind === 'router').length
  const troubled = models.filter(({ lamp }) => lamp === 'failed').length
  return (
    <span className="page-summary">
      {words.summary(models.length - routers, routers)}
      {troubled > 0 && <span className="tone-error"> · {words.trouble(troubled)}</span>}
    </span>
  )
}

interface ModelListProps {
  readonly models: readonly ModelView[]
  readonly selected: string | undefined
  readonly compact: boolean
  readonly live: LiveState
}

function ModelList({ models, selected, compact, live }: ModelListProps) {
  const [filter, setFilter] = useState('')
  const search = useSearchKey()
  if (models.length === 0) {
    return (
      <div className="empty">
        <h2>{words.emptyTitle}</h2>
        <p>
          {words.emptyText} <code>{live.status?.config.path}</code>
        </p>
      </div>
    )
  }
  const wanted = filter.trim().toLowerCase()
  const found = models.filter(
    ({ name, provider }) => name.toLowerCase().includes(wanted) || (provider ?? '').toLowerCase().includes(wanted),
  )
  return (
    <div className="page-column">
      <input
        ref={search}
        type="search"
        className="input filter-input"
        value={filter}
        placeholder={words.filter}
        aria-label={words.filter}
        spellCheck={false}
        onChange={(event) => setFilter(event.target.value)}
      />
      {found.length === 0 ? (
        <p className="quiet">{words.noMatch(filter.trim())}</p>
      ) : (
        <ModelTable models={found} selected={selected} compact={compact} onOpen={open} />
      )}
    </div>
  )
}
