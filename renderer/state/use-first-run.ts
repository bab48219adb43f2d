import { useEffect, useRef } from 'react'
import type { ControlClient } from '../../gateway/contract/control-client.ts'
import type { LiveState } from './live-state.ts'
import { useSurroundings } from './live-context.tsx'
import { isFirstRun } from './setup-steps.ts'
import { isDemoRouter } from './summary.ts'
import { openPage } from './use-page.ts'

/** Leads to the first run once, where a page was opened without an address of its own and nobody has set anything up. */
export function useFirstRun({ status, routers }: LiveState): void {
  const { client } = useSurroundings()
  const asked = useRef(false)
  // Whoever has a router of their own has been here by other means, and is not even asked.
  const mayBeFirst = status !== null && routers.every(isDemoRouter)
  useEffect(() => {
    if (!mayBeFirst || asked.current) return
    asked.current = true
    if (window.location.hash !== '') return
    void openFirstRun(client)
  }, [client, mayBeFirst])
}

async function openFirstRun(client: ControlClient): Promise<void> {
  try {
    const isFirst = isFirstRun(await client.setup())
    if (isFirst && window.location.hash === '') openPage({ name: 'setup', step: undefined }, true)
  } catch {
    // Whoever cannot be asked has no first run: the page stays what it is.
  }
}
