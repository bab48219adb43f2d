import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ControlError } from '../../gateway/contract/control-client.ts'
import type { ConfigEditOutcome, ConfigProblem, ConfigText } from '../contract.ts'
import { strings } from '../strings.ts'
import { failureReason } from './failure-reason.ts'
import { useLive, useSurroundings } from './live-context.tsx'
import { configQuery, useConfigText } from './use-config-edit.ts'

const words = strings.settingsPage.config
const draftQuery = ['config-draft'] as const
const checkAfterMs = 400

interface Draft {
  readonly text: string
  /** Of the file that it began with. */
  readonly revision: string
}

/** A text of the config file by hand. It outlives its page, is checked as it is typed, and never goes over somebody else's edit unasked. */
export function useConfigDraft() {
  const { client } = useSurroundings()
  const { connection } = useLive()
  const queries = useQueryClient()
  const file = useConfigText()
  const draft = useQuery<Draft | null>({
    queryKey: draftQuery,
    queryFn: () => null,
    initialData: null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  }).data
  const text = draft?.text ?? file.data?.text ?? ''
  const changed = draft !== null && draft.text !== file.data?.text
  const problems = useCheckedText(text, file.data)
  const put = (next: Draft | null) => queries.setQueryData<Draft | null>(draftQuery, next)
  const write = useMutation<ConfigEditOutcome, Error, Draft>({
    mutationFn: (next) => client.replaceConfig(next),
    onSuccess: (outcome, sent) => {
      if (!outcome.written) return
      queries.setQueryData<ConfigText>(configQuery, (known) => known && { ...known, ...outcome, refused: false })
      // What was typed while it was written stays.
      put(draft?.text === sent.text ? null : draft && { ...draft, revision: outcome.revision })
    },
  })
  const conflict = write.error instanceof ControlError && write.error.code === 'conflict'
  return {
    file,
    text,
    changed,
    problems,
    offline: connection !== 'live',
    pending: write.isPending,
    conflict,
    problem: write.isError
      ? conflict
        ? words.conflict
        : words.failedToWrite(failureReason(write.error))
      : write.data?.written === false && changed
        ? words.refusedToWrite
        : undefined,
    saved: write.data?.written === true && !changed,
    type: (next: string) => {
      write.reset()
      put({ text: next, revision: draft?.revision ?? file.data?.revision ?? '' })
    },
    save: () => draft !== null && write.mutate(draft),
    revert: () => {
      write.reset()
      put(null)
    },
    takeTheirs: async () => {
      await file.refetch()
      write.reset()
      put(null)
    },
    keepMine: async () => {
      const { data } = await file.refetch()
      if (draft !== null && data !== undefined) write.mutate({ text: draft.text, revision: data.revision })
    },
  }
}

/** The problems of the text on screen; those of the last check until the next one has come. */
function useCheckedText(text: string, file: ConfigText | undefined): readonly ConfigProblem[] {
  const { client } = useSurroundings()
  const { connection } = useLive()
  const [settled] = useDebouncedValue(text, checkAfterMs)
  const check = useQuery({
    queryKey: ['config-check', settled],
    queryFn: () => client.checkConfig({ text: settled }),
    placeholderData: keepPreviousData,
    enabled: connection === 'live' && file !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  return check.data?.problems ?? file?.problems ?? []
}
