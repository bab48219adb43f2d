import { categoryNames, roleNames } from '../../gateway/contract/role-names.ts'
import type { ConfigEdit, RoleView } from '../contract.ts'
import { strings } from '../strings.ts'

const words = strings.rolesPage.problems

export type RoleKind = RoleView['kind']

export interface RoleTyped {
  readonly model: string
  /** Names between commas. */
  readonly fallbacks: string
}

export interface RoleRow {
  /** `role/oracle`. */
  readonly name: string
  readonly kind: RoleKind
  /** `oracle`. */
  readonly key: string
  /** As the config has it; undefined = it does not. */
  readonly saved: RoleView | undefined
}

/** What was typed, by the name of its row. */
export type TypedRoles = Readonly<Record<string, RoleTyped>>

export type ReadRoles =
  | { readonly edits: readonly ConfigEdit[]; readonly problems?: undefined }
  | { readonly problems: Readonly<Record<string, string>>; readonly edits?: undefined }

const blocks = { role: 'roles', category: 'categories' } as const
const known = { role: roleNames, category: categoryNames } as const
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/u

/** The rows of one kind: what oh-my-openagent knows, then what else the config or the user of this page named. */
export function roleRows(kind: RoleKind, roles: readonly RoleView[], typed: TypedRoles): readonly RoleRow[] {
  const named = [...roles.map(({ name }) => name), ...Object.keys(typed)]
  const prefix = `${kind}/`
  const own = named.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
  return [...new Set<string>([...known[kind], ...own])].map((key) => ({
    name: prefix + key,
    kind,
    key,
    saved: roles.find(({ name }) => name === prefix + key),
  }))
}

/** A row as its fields show it. */
export function typedRole(row: RoleRow, typed: TypedRoles): RoleTyped {
  return typed[row.name] ?? { model: row.saved?.model ?? '', fallbacks: row.saved?.fallbacks.join(', ') ?? '' }
}

/** Whether the fields of a row say something else than the config. */
export function isChanged(row: RoleRow, typed: TypedRoles): boolean {
  const now = typed[row.name]
  if (now === undefined) return false
  const before = typedRole(row, {})
  return now.model.trim() !== before.model || namesIn(now.fallbacks).join(', ') !== before.fallbacks
}

/** Why a new role or category cannot have a name; undefined = it can. */
export function nameProblem(key: string, rows: readonly RoleRow[]): string | undefined {
  if (!namePattern.test(key)) return words.name(key)
  return rows.some((row) => row.key === key) ? words.taken(key) : undefined
}

/** The edits of the config file that the changed rows come to, or what is wrong with them by row. */
export function readRoles(rows: readonly RoleRow[], typed: TypedRoles): ReadRoles {
  const problems: Record<string, string> = {}
  const edits: ConfigEdit[] = []
  for (const row of rows.filter((candidate) => isChanged(candidate, typed))) {
    const { model, fallbacks } = typedRole(row, typed)
    const path = ['signalbox', blocks[row.kind], row.key]
    const chain = namesIn(fallbacks)
    if (model.trim() !== '') {
      edits.push({
        op: 'set',
        path,
        value: chain.length === 0 ? model.trim() : { model: model.trim(), fallbacks: chain },
      })
    } else if (chain.length > 0) problems[row.name] = words.modelFirst
    else if (row.saved !== undefined) edits.push({ op: 'remove', path })
  }
  return Object.keys(problems).length > 0 ? { problems } : { edits }
}

/** The row that a problem of the config file is about: `signalbox.roles.oracle` is `role/oracle`. */
export function rowOfProblem(path: string, rows: readonly RoleRow[]): RoleRow | undefined {
  return rows.find(({ kind, key }) => {
    const place = `signalbox.${blocks[kind]}.${key}`
    return path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`)
  })
}

function namesIn(text: string): readonly string[] {
  return text.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
}
