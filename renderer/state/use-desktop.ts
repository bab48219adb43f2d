import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type DesktopChange, type DesktopView, desktopBridge } from './desktop-bridge.ts'

const desktopQuery = ['desktop'] as const

/** The desktop application's own settings; `view` is undefined in a browser and until they are read. Switches move at once and go back when they are refused. */
export function useDesktop(): {
  readonly view: DesktopView | undefined
  readonly change: (change: DesktopChange) => void
  readonly problem: Error | undefined
} {
  const bridge = desktopBridge()
  const queries = useQueryClient()
  const [wanted, setWanted] = useState<DesktopChange>({})
  const view = useQuery({
    queryKey: desktopQuery,
    queryFn: () => (bridge === undefined ? null : bridge.view()),
    enabled: bridge !== undefined,
  })
  const mutation = useMutation({
    mutationFn: async (change: DesktopChange) => bridge?.change(change),
    onSuccess: (next) => queries.setQueryData(desktopQuery, next),
    onSettled: () => setWanted({}),
  })
  return {
    view: view.data === null || view.data === undefined ? undefined : withChange(view.data, wanted),
    change: (change) => {
      setWanted(change)
      mutation.mutate(change)
    },
    problem: mutation.error ?? undefined,
  }
}

function withChange(view: DesktopView, { openAtLogin = view.openAtLogin, ...change }: DesktopChange): DesktopView {
  const { updates = view.settings.updates, trayIcon = view.settings.trayIcon } = change
  const notices = { ...view.settings.notices, ...change.notices }
  return { ...view, openAtLogin, settings: { updates, trayIcon, notices } }
}
