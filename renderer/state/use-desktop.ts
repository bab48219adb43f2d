import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type DesktopChange, type DesktopView, desktopBridge } from './desktop-bridge.ts'

const desktopQuery = ['desktop'] as const

/** The desktop application's own settings; `view` is undefined in a browser and until they are read. */
export function useDesktop(): {
  readonly view: DesktopView | undefined
  readonly change: (change: DesktopChange) => void
  readonly problem: Error | undefined
} {
  const bridge = desktopBridge()
  const queries = useQueryClient()
  const view = useQuery({
    queryKey: desktopQuery,
    queryFn: () => (bridge === undefined ? null : bridge.view()),
    enabled: bridge !== undefined,
  })
  const mutation = useMutation({
    mutationFn: async (change: DesktopChange) => bridge?.change(change),
    onSuccess: (next) => queries.setQueryData(desktopQuery, next),
  })
  return { view: view.data ?? undefined, change: mutation.mutate, problem: mutation.error ?? undefined }
}
