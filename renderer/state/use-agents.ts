import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { AgentChoice, AgentModels, AgentPlanView, AgentView } from '../contract.ts'
import { useLive, useSurroundings } from './live-context.tsx'

/** Everything that another state of the agents makes old begins with this. */
export const agentsQuery = ['agents'] as const

/** The coding agents; read anew when the config changes, since their models follow it. */
export function useAgents(): UseQueryResult<readonly AgentView[]> {
  const { client } = useSurroundings()
  const { connection, status } = useLive()
  return useQuery({
    queryKey: [...agentsQuery, 'list', status?.config.revision],
    queryFn: async (): Promise<readonly AgentView[]> => (await client.agents()).agents,
    placeholderData: keepPreviousData,
    enabled: connection === 'live',
  })
}

/** What an agent can be told of. */
export function useAgentModels(): UseQueryResult<AgentModels> {
  const { client } = useSurroundings()
  const { connection, status } = useLive()
  return useQuery({
    queryKey: [...agentsQuery, 'models', status?.config.revision],
    queryFn: () => client.agentModels(),
    placeholderData: keepPreviousData,
    enabled: connection === 'live',
  })
}

/** What connecting an agent with a choice would change. The one before stays until the new one has come, and while the gateway is away. */
export function useAgentPlan(id: string, choice: AgentChoice): UseQueryResult<AgentPlanView> {
  const { client } = useSurroundings()
  const { connection } = useLive()
  return useQuery({
    queryKey: [...agentsQuery, 'plan', id, choice],
    queryFn: () => client.planAgent(id, choice),
    placeholderData: keepPreviousData,
    enabled: connection === 'live',
  })
}
