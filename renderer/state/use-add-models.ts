import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AddedModels, OfferedModel } from '../contract.ts'
import { useLive, useSurroundings } from './live-context.tsx'
import { modelsQuery, setupQuery } from './use-settings.ts'

const prefixPattern = /^[A-Za-z0-9._/-]*$/u

/** Whether names may begin with it. */
export function isPrefix(text: string): boolean {
  return prefixPattern.test(text)
}

/** The models of a list that a filter leaves: each of its words in the id. */
export function filterOffered(models: readonly OfferedModel[], filter: string): readonly OfferedModel[] {
  const wanted = filter.toLowerCase().split(/\s+/u)
  return models.filter(({ id }) => wanted.every((word) => id.toLowerCase().includes(word)))
}

/** Providers, the list of one of them (`first` to begin with), what was ticked in it, and what that would write. */
export function useAddModels(first = '') {
  const { client } = useSurroundings()
  const live = useLive().connection === 'live'
  const queries = useQueryClient()
  const [provider, setProvider] = useState(first)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [prefix, setPrefix] = useState('')
  const request = { add: [...chosen], ...(prefix === '' ? {} : { prefix }) }
  const providers = useQuery({ queryKey: ['providers'], queryFn: () => client.providers(), enabled: live })
  const offer = useQuery({
    queryKey: ['offer', provider],
    queryFn: () => client.providerModels(provider),
    enabled: live && provider !== '',
    staleTime: 60_000,
  })
  const preview = useQuery({
    queryKey: ['offer-lines', provider, request],
    queryFn: () => client.addModels(provider, { ...request, dryRun: true }),
    enabled: live && provider !== '' && chosen.size > 0 && isPrefix(prefix),
    placeholderData: keepPreviousData,
  })
  const add = useMutation<AddedModels>({
    mutationFn: () => client.addModels(provider, request),
    onSuccess: async ({ written }) => {
      if (!written) return
      setChosen(new Set())
      const old = [['offer', provider], modelsQuery, setupQuery]
      await Promise.all(old.map((queryKey) => queries.invalidateQueries({ queryKey })))
    },
  })
  return {
    providers,
    provider,
    choose: (name: string) => {
      setProvider(name)
      setChosen(new Set())
      add.reset()
    },
    offer,
    chosen,
    toggle: (id: string) => {
      add.reset()
      setChosen((before) => {
        const next = new Set(before)
        if (!next.delete(id)) next.add(id)
        return next
      })
    },
    prefix,
    setPrefix,
    preview,
    add,
  }
}
