import { Lamp } from '../../components/lamp.tsx'
import { TierShape } from '../../components/tier-shape.tsx'
import type { ModelView } from '../../contract.ts'
import { formatCount } from '../../format/figures.ts'
import { formatDuration } from '../../format/duration.ts'
import { modelPrice } from '../../format/model-price.ts'
import { formatWindow } from '../../format/size.ts'
import { formatRelative, formatStamp } from '../../format/time.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { moveInRows } from '../../state/use-row-keys.ts'
import { strings } from '../../strings.ts'

const words = strings.modelsPage
const { columns } = words
const mostShapes = 6

export interface ModelTableProps {
  readonly models: readonly ModelView[]
  readonly selected: string | undefined
  /** Beside a pane: only what tells the models apart. */
  readonly compact: boolean
  readonly onOpen: (name: string) => void
}

/** One line a model or router, in the order in which clients are told of them. */
export function ModelTable({ models, selected, compact, onOpen }: ModelTableProps) {
  return (
    <div className="card table-card table-scroll">
      <table className="table models-table" aria-label={words.tableLabel}>
        <thead>
          <tr>
            <th>{columns.name}</th>
            <th>{columns.provider}</th>
            {!compact && <th className="number">{columns.window}</th>}
            {!compact && <th className="number">{columns.price}</th>}
            {!compact && <th className="spare-column">{columns.tiers}</th>}
            {!compact && <th className="number">{columns.used}</th>}
            {!compact && <th className="number spare-column">{columns.first}</th>}
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <ModelRow
              key={model.name}
              model={model}
              selected={model.name === selected}
              compact={compact}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface ModelRowProps {
  readonly model: ModelView
  readonly selected: boolean
  readonly compact: boolean
  readonly onOpen: (name: string) => void
}

function ModelRow({ model, selected, compact, onOpen }: ModelRowProps) {
  const { name, lamp, health } = model
  const troubled = lamp === 'away' || lamp === 'failed'
  return (
    <tr className={selected ? 'row-selected' : undefined}>
      <th scope="row">
        <span className="row-name" title={health}>
          <Lamp state={lamp} />
          <span className="name-block">
            <button
              type="button"
              className="row-name-text row-link name"
              aria-current={selected}
              onKeyDown={moveInRows}
              onClick={() => onOpen(name)}
            >
              {name}
            </button>
            {lamp !== 'up' && <span className={troubled ? 'under tone-warning' : 'under'}>{health}</span>}
          </span>
        </span>
      </th>
      <td className="quiet">{providerOf(model)}</td>
      {!compact && <MoreCells model={model} />}
    </tr>
  )
}

function MoreCells({ model }: { readonly model: ModelView }) {
  const { now } = useSurroundings()
  const { contextWindow, price, usedBy, lastUsedAt, p50FirstTokenMs, measured } = model
  const shown = modelPrice(model)
  return (
    <>
      <td className="number" title={contextWindow === null ? undefined : formatCount(contextWindow)}>
        {contextWindow === null ? <Unknown /> : formatWindow(contextWindow)}
      </td>
      <td
        className={shown === words.unknown ? 'number under' : 'number'}
        title={price === null || price.provenance === '' ? undefined : words.provenance(price.provenance)}
      >
        {shown}
      </td>
      <td className="spare-column">
        <span className="tier-shapes">
          {usedBy.slice(0, mostShapes).map(({ router, tier, place }) => (
            <span key={`${router} ${tier}`} title={words.tier(router, tier, place)}>
              <TierShape tier={tier} size={10} label={words.tier(router, tier, place)} />
            </span>
          ))}
          {usedBy.length > mostShapes && <span className="under">+{usedBy.length - mostShapes}</span>}
        </span>
      </td>
      <td className="number quiet" title={lastUsedAt === null ? undefined : formatStamp(lastUsedAt)}>
        {lastUsedAt === null ? words.never : formatRelative(lastUsedAt, now())}
      </td>
      <td className="number quiet spare-column" title={p50FirstTokenMs === null ? undefined : words.p50(measured)}>
        {p50FirstTokenMs === null ? '–' : formatDuration(p50FirstTokenMs)}
      </td>
    </>
  )
}

/** Whose model it is; for what is no model, what it is. */
export function providerOf({ kind, provider }: ModelView): string {
  if (kind !== 'model') return words.kinds[kind]
  return provider ?? words.several
}

function Unknown() {
  return <span className="under">{words.unknown}</span>
}
