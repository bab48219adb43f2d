import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ControlError } from '../../gateway/contract/control-client.ts'
import { failureReason } from './failure-reason.ts'
import type { ConfigEdit, ConfigEditOutcome, ConfigProblem, ConfigText } from '../contract.ts'
import { strings } from '../strings.ts'
import { useLive, useSurroundings } from './live-context.tsx'

const words = strings.configEdit
export const configQuery = ['config'] as const

/** The config file as it was when it was last asked for. It is not read anew under somebody's hands. */
export function useConfigText() {
  const { client } = useSurroundings()
  const { connection } = useLive()
  return useQuery<ConfigText>({
    queryKey: configQuery,
    queryFn: () => client.config(),
    enabled: connection === 'live',
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
  })
}

export interface ConfigEditing {
  readonly save: (edits: readonly ConfigEdit[]) => void
  readonly pending: boolean
  /** Why nothing was written, as a sentence. */
  readonly problem: string | undefined
  /** What the file would have had, where that is why. */
  readonly problems: readonly ConfigProblem[]
  readonly forget: () => void
}

/** Splices values into the config file. A file that somebody else changed meanwhile is read anew and the edit kept: saving again writes it there. */
export function useConfigEdit(onWritten: () => void): ConfigEditing {
  const { client } = useSurroundings()
  const queries = useQueryClient()
  const mutation = useMutation<ConfigEditOutcome, Error, readonly ConfigEdit[]>({
    mutationFn: async (edits) => {
      const known = queries.getQueryData<ConfigText>(configQuery) ?? (await client.config())
      return client.editConfig({ revision: known.revision, edits: [...edits] })
    },
    onSuccess: (outcome) => {
      if (!outcome.written) return
      queries.setQueryData<ConfigText>(configQuery, (known) => known && { ...known, ...outcome, refused: false })
      onWritten()
    },
    onError: () => queries.invalidateQueries({ queryKey: configQuery }),
  })
  const refused = mutation.data?.written === false
  return {
    save: mutation.mutate,
    pending: mutation.isPending,
    problem: mutation.isError ? conflictOr(mutation.error) : refused ? words.refused : undefined,
    problems: refused ? (mutation.data?.problems.filter(({ severity }) => severity === 'error') ?? []) : [],
    forget: mutation.reset,
  }
}

function conflictOr(error: Error): string {
  if (error instanceof ControlError && error.code === 'conflict') return words.conflict
  return words.failed(failureReason(error))
}
