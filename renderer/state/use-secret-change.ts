import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { SecretTest } from '../contract.ts'
import { strings } from '../strings.ts'
import { failureReason } from './failure-reason.ts'
import { useSurroundings } from './live-context.tsx'
import { modelsQuery, secretsQuery, setupQuery } from './use-settings.ts'

const words = strings.secrets

/** Why a pasted value cannot be a key; undefined = it can. */
export function secretProblem(value: string): string | undefined {
  const text = value.trim()
  if (text === '') return words.empty
  return /\s/u.test(text) ? words.blanks : undefined
}

/** Saving, testing and removing of one key. What a test said stays until the next act. */
export function useSecretChange(name: string) {
  const { client } = useSurroundings()
  const queries = useQueryClient()
  const onSettled = async () => {
    const old = [secretsQuery, modelsQuery, setupQuery]
    await Promise.all(old.map((queryKey) => queries.invalidateQueries({ queryKey })))
  }
  const save = useMutation({
    mutationFn: (value: string) => client.saveSecret(name, { value: value.trim() }),
    onSettled,
  })
  const remove = useMutation({ mutationFn: () => client.deleteSecret(name), onSettled })
  const test = useMutation({
    mutationFn: (value: string | undefined): Promise<SecretTest> =>
      client.testSecret(name, value === undefined ? {} : { value: value.trim() }),
  })
  const problem = save.isError
    ? words.failedSave(failureReason(save.error))
    : [remove, test].flatMap((act) => (act.isError ? [words.failedAct(failureReason(act.error))] : []))[0]
  const reset = () => [save, remove, test].forEach((act) => act.reset())
  const fresh =
    <Given>(act: (given: Given) => void) =>
    (given: Given) => {
      reset()
      act(given)
    }
  return {
    save: (value: string, done: () => void) => {
      reset()
      save.mutate(value, { onSuccess: done })
    },
    remove: fresh<void>(() => remove.mutate()),
    test: fresh<string | undefined>(test.mutate),
    reset,
    pending: save.isPending || remove.isPending || test.isPending,
    testing: test.isPending,
    problem,
    tested: test.data,
    said: save.isSuccess ? words.saved(name) : remove.isSuccess ? words.removed(name) : undefined,
  }
}

export type SecretChange = ReturnType<typeof useSecretChange>
