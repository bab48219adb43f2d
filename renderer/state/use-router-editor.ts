import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ControlError } from '../../gateway/contract/control-client.ts'
import type { RouterSettings, RouterView } from '../contract.ts'
import { strings } from '../strings.ts'
import { failureReason } from './failure-reason.ts'
import { useLive, useSurroundings } from './live-context.tsx'
import { type RouterEdits, type SavedRouter, savedRouter } from './router-edits.ts'
import { fileEdits } from './router-file-edits.ts'

export type SaveOutcome =
  | { readonly kind: 'saved' }
  /** The file is another one than the page read. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'failed'; readonly text: string }

export interface RouterEditor {
  readonly settings: RouterSettings | undefined
  readonly saved: SavedRouter | undefined
  /** Why the settings could not be read. */
  readonly problem: string | undefined
  readonly readAgain: () => void
  readonly save: (edits: RouterEdits) => void
  readonly saving: boolean
  readonly outcome: SaveOutcome | undefined
  readonly forgetOutcome: () => void
}

/** Settings of a router, read anew at every change of the config, and the way to save edits of them. */
export function useRouterEditor(router: RouterView): RouterEditor {
  const { client } = useSurroundings()
  const revision = useLive().status?.config.revision
  const queries = useQueryClient()
  const queryKey = ['router-settings', router.name]
  const query = useQuery({
    queryKey: [...queryKey, revision],
    queryFn: () => client.routerSettings(router.name),
    placeholderData: (before) => before,
  })
  const settings = query.data
  const saved = settings === undefined ? undefined : savedRouter(router, settings)
  const mutation = useMutation({
    mutationFn: async (edits: RouterEdits): Promise<SaveOutcome> => {
      if (settings === undefined || saved === undefined) return { kind: 'conflict' }
      const outcome = await client.editConfig({
        revision: settings.revision,
        edits: fileEdits(settings, saved, edits),
      })
      if (outcome.written) return { kind: 'saved' }
      const errors = outcome.problems.filter(({ severity }) => severity === 'error')
      const text = strings.routerEditor.bar.refused(errors[0]?.message ?? '', errors.length - 1)
      return { kind: 'failed', text }
    },
    onSuccess: (outcome) => (outcome.kind === 'saved' ? queries.invalidateQueries({ queryKey }) : undefined),
  })
  return {
    settings,
    saved,
    problem: query.isError ? failureReason(query.error) : undefined,
    readAgain: () => {
      mutation.reset()
      void query.refetch()
    },
    save: mutation.mutate,
    saving: mutation.isPending,
    outcome: mutation.isError ? failureOutcome(mutation.error) : mutation.data,
    forgetOutcome: mutation.reset,
  }
}

function failureOutcome(error: unknown): SaveOutcome {
  if (error instanceof ControlError && error.code === 'conflict') return { kind: 'conflict' }
  return { kind: 'failed', text: strings.routerEditor.bar.failed(failureReason(error)) }
}
