import { useId } from 'react'
import { Lamp } from '../../components/lamp.tsx'
import {
  isChanged,
  type RoleKind,
  type RoleRow,
  type RoleTyped,
  typedRole,
  type TypedRoles,
} from '../../state/role-form.ts'
import { strings } from '../../strings.ts'
import { NewRole } from './new-role.tsx'

const words = strings.rolesPage

export interface RoleTableProps {
  readonly rows: readonly RoleRow[]
  readonly typed: TypedRoles
  readonly problems: Readonly<Record<string, string>>
  /** Offered while typing; any other name may be typed too. */
  readonly names: readonly string[]
  readonly onType: (name: string, typed: RoleTyped) => void
}

/** A line a role, then a line a category; both can be added to. */
export function RoleTable({ rows, typed, problems, names, onType }: RoleTableProps) {
  const list = useId()
  const group = (kind: RoleKind) => {
    const own = rows.filter((row) => row.kind === kind)
    return (
      <tbody key={kind}>
        <tr className="table-group">
          <th scope="rowgroup" colSpan={4}>
            {words.kinds[kind]}
          </th>
        </tr>
        {own.map((row) => (
          <RoleLine key={row.name} row={row} typed={typed} problem={problems[row.name]} list={list} onType={onType} />
        ))}
        <tr>
          <td colSpan={4}>
            <NewRole kind={kind} rows={own} onAdd={(name) => onType(name, { model: '', fallbacks: '' })} />
          </td>
        </tr>
      </tbody>
    )
  }
  return (
    <div className="card table-card">
      <datalist id={list}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </datalist>
      <table className="table role-table" aria-label={words.tableLabel}>
        <thead>
          <tr>
            <th>{words.columns.name}</th>
            <th>{words.columns.model}</th>
            <th>{words.columns.fallbacks}</th>
            <th className="spare-column">{words.columns.state}</th>
          </tr>
        </thead>
        {group('role')}
        {group('category')}
      </table>
    </div>
  )
}

interface RoleLineProps {
  readonly row: RoleRow
  readonly typed: TypedRoles
  readonly problem: string | undefined
  readonly list: string
  readonly onType: (name: string, typed: RoleTyped) => void
}

function RoleLine({ row, typed, problem, list, onType }: RoleLineProps) {
  const id = useId()
  const now = typedRole(row, typed)
  const changed = isChanged(row, typed)
  const below = problem ?? (changed ? words.was(row.saved?.model ?? '') : undefined)
  const common = {
    spellCheck: false,
    autoComplete: 'off',
    className: changed ? 'input input-changed' : 'input',
  } as const
  return (
    <tr>
      <th scope="row">{row.key}</th>
      <td>
        <input
          {...common}
          list={list}
          value={now.model}
          placeholder={words.unset}
          aria-label={words.modelOf(row.name)}
          aria-invalid={problem !== undefined}
          aria-describedby={below === undefined ? undefined : id}
          onChange={(event) => onType(row.name, { ...now, model: event.target.value })}
        />
        {below !== undefined && (
          <p id={id} className={problem === undefined ? 'under was' : 'field-error'}>
            {below}
          </p>
        )}
      </td>
      <td>
        <input
          {...common}
          value={now.fallbacks}
          placeholder={words.ownChain}
          aria-label={words.fallbacksOf(row.name)}
          onChange={(event) => onType(row.name, { ...now, fallbacks: event.target.value })}
        />
      </td>
      <td className="spare-column quiet">{row.saved !== undefined && !changed && <LeadsTo role={row.saved} />}</td>
    </tr>
  )
}

function LeadsTo({ role }: { readonly role: NonNullable<RoleRow['saved']> }) {
  const lamp = !role.on ? 'off' : role.leadsTo === 'waiting' ? 'loading' : 'up'
  return (
    <span className="state-word">
      <Lamp state={lamp} />
      {role.on ? words.leadsTo[role.leadsTo] : words.off}
    </span>
  )
}
