import { Bar } from '../../components/bar.tsx'
import { Lamp } from '../../components/lamp.tsx'
import type { KeyView } from '../../contract.ts'
import { budgetPace, budgetShare } from '../../format/budget.ts'
import { formatShare, formatTokensShort } from '../../format/figures.ts'
import { formatMoney } from '../../format/money.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { keyName, keyState } from '../../state/key-state.ts'
import { strings } from '../../strings.ts'

const words = strings.keysPage
const columns = words.columns

export interface KeyTableProps {
  readonly keys: readonly KeyView[]
  readonly selected: string | undefined
  readonly onOpen: (id: string) => void
  /** Beside a pane: only what tells the keys apart. */
  readonly compact: boolean
}

/** One line a key. */
export function KeyTable({ keys, selected, onOpen, compact }: KeyTableProps) {
  return (
    <div className="page-column">
      <div className="card table-card">
        <table className="table key-table" aria-label={words.tableLabel}>
          <thead>
            <tr>
              <th>{columns.name}</th>
              {!compact && <th className="spare-column">{columns.agent}</th>}
              {!compact && <th>{columns.secret}</th>}
              {!compact && <th>{columns.models}</th>}
              <th>{columns.budget}</th>
              {!compact && <th className="spare-column">{columns.limits}</th>}
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <KeyRow key={key.id} view={key} selected={key.id === selected} onOpen={onOpen} compact={compact} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

interface KeyRowProps {
  readonly view: KeyView
  readonly selected: boolean
  readonly onOpen: (id: string) => void
  readonly compact: boolean
}

function KeyRow({ view, selected, onOpen, compact }: KeyRowProps) {
  const { now } = useSurroundings()
  const state = keyState(view, now())
  return (
    <tr className={selected ? 'row-selected' : undefined}>
      <th scope="row">
        <span className="row-name">
          <Lamp state={state === 'active' ? 'up' : 'off'} />
          <button
            type="button"
            className="row-name-text row-link"
            aria-current={selected}
            onClick={() => onOpen(view.id)}
          >
            {keyName(view)}
          </button>
          <span className="under">{view.kind === 'management' ? words.states.management : words.states[state]}</span>
        </span>
      </th>
      {!compact && <td className="spare-column quiet">{view.agent ?? words.noAgent}</td>}
      {!compact && (
        <td>
          <code>{view.name}</code>
        </td>
      )}
      {!compact && (
        <td className="quiet" title={view.models.join('\n')}>
          {modelWords(view.models)}
        </td>
      )}
      <td className="budget-column">
        <BudgetCell view={view} />
      </td>
      {!compact && <td className="spare-column quiet">{limitWords(view)}</td>}
    </tr>
  )
}

function BudgetCell({ view }: { readonly view: KeyView }) {
  const { now } = useSurroundings()
  const share = budgetShare(view.budget)
  const spent = formatMoney(view.budget.spentNanoUsd)
  if (share === undefined) return <span className="quiet">{words.noBudget(spent)}</span>
  const text = words.ofBudget(spent, formatMoney(view.budget.maxNanoUsd ?? 0))
  return (
    <span className="budget-cell">
      <span className="budget-cell-words">
        <span>{text}</span>
        <span className={share >= 1 ? 'tone-error' : share >= 0.8 ? 'tone-warning' : 'quiet'}>
          {share >= 1 ? words.reached : formatShare(share)}
        </span>
      </span>
      <Bar share={share} label={text} tick={budgetPace(view.budget, now())?.elapsed} />
    </span>
  )
}

function modelWords(models: readonly string[]): string {
  const [first] = models
  return first === undefined ? words.allModels : words.modelsShort(first, models.length - 1)
}

function limitWords({ rpm, tpm, maxParallel }: KeyView): string {
  const parts: string[] = []
  if (rpm !== null) parts.push(words.rpmShort(rpm))
  if (tpm !== null) parts.push(words.tpmShort(formatTokensShort(tpm)))
  if (maxParallel !== null) parts.push(words.parallel(maxParallel))
  return parts.length === 0 ? words.noLimits : parts.join(', ')
}
