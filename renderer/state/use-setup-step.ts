import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { SetupStep } from '../contract.ts'
import { useSurroundings } from './live-context.tsx'
import { setupQuery } from './use-settings.ts'

/** Notes that stops are done or skipped. Nobody waits for it: the way goes on, and what was not noted is asked again. */
export function useSetupSteps() {
  const { client } = useSurroundings()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ steps, state }: { steps: readonly SetupStep[]; state: 'done' | 'skipped' }) => {
      for (const step of steps) await client.setSetupStep(step, { state })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: setupQuery }),
  })
}
