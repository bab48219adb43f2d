import { useMutation, useQueryClient } from '@tanstack/react-query'
import { failureReason } from './failure-reason.ts'
import type { AgentChoice, AgentUndo, AgentView } from '../contract.ts'
import { strings } from '../strings.ts'
import { useSurroundings } from './live-context.tsx'
import { agentsQuery } from './use-agents.ts'
import { keysQuery } from './use-keys.ts'

const words = strings.agentsPage

export interface AgentChange {
  /** `budget`: US dollars a day for the key that is made; null = no limit. */
  readonly connect: (choice: AgentChoice, budget: number | null) => void
  readonly disconnect: () => void
  readonly pending: boolean
  readonly problem: string | undefined
  readonly done:
    | { readonly kind: 'connected' }
    | { readonly kind: 'disconnected'; readonly undo: AgentUndo }
    | undefined
}

/** Connecting an agent and taking it back. The last act counts: its outcome replaces the one before. */
export function useAgentChange({ id, name }: AgentView): AgentChange {
  const { client } = useSurroundings()
  const queries = useQueryClient()
  const onSettled = async () => {
    await Promise.all([agentsQuery, keysQuery].map((queryKey) => queries.invalidateQueries({ queryKey })))
  }
  const connect = useMutation({
    mutationFn: async ({ choice, budget }: { choice: AgentChoice; budget: number | null }) => {
      await client.connectAgent(id, choice)
      return budget === null ? undefined : limitKey(budget)
    },
    onSettled,
  })
  /** The key is there by now; a budget that was refused is told, and the connection stays. */
  const limitKey = async (maxBudgetUsd: number): Promise<string | undefined> => {
    try {
      const { keyId } = await client.agent(id)
      if (keyId !== null) await client.changeKey(keyId, { maxBudgetUsd, budgetDuration: 'daily' })
      return undefined
    } catch (error) {
      return words.connect.noBudget(name, failureReason(error))
    }
  }
  const disconnect = useMutation({ mutationFn: () => client.disconnectAgent(id), onSettled })
  const problem = connect.isError
    ? words.connect.failed(failureReason(connect.error))
    : disconnect.isError
      ? words.disconnect.failed(failureReason(disconnect.error))
      : connect.data
  return {
    connect(choice, budget) {
      disconnect.reset()
      connect.mutate({ choice, budget })
    },
    disconnect() {
      connect.reset()
      disconnect.mutate()
    },
    pending: connect.isPending || disconnect.isPending,
    problem,
    done: disconnect.isSuccess
      ? { kind: 'disconnected', undo: disconnect.data }
      : connect.isSuccess
        ? { kind: 'connected' }
        : undefined,
  }
}
