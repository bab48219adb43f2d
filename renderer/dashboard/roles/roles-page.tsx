import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { IconArrowLeft } from '@tabler/icons-react'
import { useState } from 'react'
import { ChangeBar } from '../../components/change-bar.tsx'
import { failureReason, RequestFailure } from '../../components/failure.tsx'
import type { RoleView } from '../../contract.ts'
import type { LiveState } from '../../state/live-state.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { isChanged, readRoles, roleRows, type RoleRow, rowOfProblem, type TypedRoles } from '../../state/role-form.ts'
import { useAgentModels } from '../../state/use-agents.ts'
import { useConfigEdit, useConfigText } from '../../state/use-config-edit.ts'
import { openPage } from '../../state/use-page.ts'
import { strings } from '../../strings.ts'
import { RoleTable } from './role-table.tsx'

const words = strings.rolesPage
/** Names the gateway understands beside models and routers. */
const capabilities = ['local:tools', 'local:vision', 'local:thinking', 'local:chat'] as const

/** Which model, router or capability each role and category of agents is, edited in place and written into the config file. */
export function RolesPage({ live }: { readonly live: LiveState }) {
  const { client } = useSurroundings()
  const revision = live.status?.config.revision
  const roles = useQuery({
    queryKey: ['roles', revision],
    queryFn: async (): Promise<readonly RoleView[]> => (await client.roles()).roles,
    placeholderData: keepPreviousData,
    enabled: live.connection === 'live',
  })
  useConfigText()
  const models = useAgentModels()
  const [typed, setTyped] = useState<TypedRoles>({})
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({})
  const editing = useConfigEdit(() => {
    setTyped({})
    void roles.refetch()
  })
  const saved = roles.data ?? []
  const rows = [...roleRows('role', saved, typed), ...roleRows('category', saved, typed)]
  const changed = rows.filter((row) => isChanged(row, typed))
  const forget = () => {
    setProblems({})
    editing.forget()
  }
  const save = () => {
    const read = readRoles(rows, typed)
    setProblems(read.problems ?? {})
    if (read.edits !== undefined) editing.save(read.edits)
  }
  const shownProblems = { ...Object.fromEntries(byRow(editing.problems, rows)), ...problems }
  return (
    <div className="edit-page">
      <div className="scroll-page">
        <header className="page-header">
          <button
            type="button"
            className="icon-button"
            aria-label={strings.back}
            onClick={() => openPage({ name: 'agents', agent: undefined })}
          >
            <IconArrowLeft size={16} stroke={1.4} aria-hidden="true" />
          </button>
          <h1>{words.title}</h1>
        </header>
        <div className="page-column">
          <p className="quiet">{words.note}</p>
          {roles.data !== undefined ? (
            <RoleTable
              rows={rows}
              typed={typed}
              problems={shownProblems}
              names={[...(models.data?.models.map(({ name }) => name) ?? []), ...capabilities]}
              onType={(name, row) => {
                forget()
                setTyped((before) => ({ ...before, [name]: row }))
              }}
            />
          ) : roles.isError ? (
            <RequestFailure text={words.failed(failureReason(roles.error))} onAgain={() => void roles.refetch()} />
          ) : (
            <div className="card card-waiting still" />
          )}
        </div>
      </div>
      {changed.length > 0 && (
        <ChangeBar
          summary={summaryOf(changed, typed)}
          problem={editing.problem}
          offline={live.connection !== 'live'}
          pending={editing.pending}
          onRevert={() => {
            setTyped({})
            forget()
          }}
          onSave={save}
        />
      )}
    </div>
  )
}

function byRow(
  problems: readonly { readonly path: string; readonly message: string }[],
  rows: readonly RoleRow[],
): readonly (readonly [string, string])[] {
  return problems.flatMap(({ path, message }) => {
    const row = rowOfProblem(path, rows)
    return row === undefined ? [] : [[row.name, message] as const]
  })
}

function summaryOf(changed: readonly RoleRow[], typed: TypedRoles): string {
  const [first] = changed
  if (first === undefined) return ''
  const one = words.change(first.name, typed[first.name]?.model.trim() ?? '')
  return words.changes(changed.length, one + words.more(changed.length - 1))
}
