import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { ModelList, SecretList, Settings, Setup } from '../contract.ts'
import { useLive, useSurroundings } from './live-context.tsx'

/** The settings that the config file has; read anew when it changes. */
export function useSettings(): UseQueryResult<Settings> {
  const { client } = useSurroundings()
  const { connection, status } = useLive()
  return useQuery({
    queryKey: ['settings', status?.config.revision],
    queryFn: () => client.settings(),
    placeholderData: keepPreviousData,
    enabled: connection === 'live',
  })
}

export const secretsQuery = ['secrets'] as const

/** Provider keys, never their values. */
export function useSecrets(): UseQueryResult<SecretList> {
  const { client } = useSurroundings()
  const { connection, status } = useLive()
  return useQuery({
    queryKey: [...secretsQuery, status?.config.revision],
    queryFn: () => client.secrets(),
    placeholderData: keepPreviousData,
    enabled: connection === 'live',
  })
}

export const setupQuery = ['setup'] as const

/** What was found on this machine, and how far the first run is. */
export function useSetup(): UseQueryResult<Setup> {
  const { client } = useSurroundings()
  const { connection, status } = useLive()
  return useQuery({
    queryKey: [...setupQuery, status?.config.revision],
    queryFn: () => client.setup(),
    placeholderData: keepPreviousData,
    enabled: connection === 'live',
  })
}

export const modelsQuery = ['models'] as const

/** All models and routers with their health, prices and use. */
export function useModels(): UseQueryResult<ModelList> {
  const { client } = useSurroundings()
  const { connection, status } = useLive()
  return useQuery({
    queryKey: [...modelsQuery, status?.config.revision],
    queryFn: () => client.models(),
    placeholderData: keepPreviousData,
    enabled: connection === 'live',
    refetchInterval: 10_000,
  })
}
