import { useEffect, useRef } from 'react'
import type { ControlClient } from '../../gateway/contract/control-client.ts'
import type { LiveState } from './live-state.ts'
import { useSurroundings } from './live-context.tsx'
import { isFirstRun } from './setup-steps.ts'
import { openPage } from './use-page.ts'

/** Leads to the first run once, where a page was opened without an address of its own and nothing but the demo can answer. */
export function useFirstRun({ status }: LiveState): void {
  const { client } = useSurroundings()
  const asked = useRef(false)
  const demoOnly = status?.demo === 'listed'
  useEffect(() => {
    if (!demoOnly || asked.current) return
    asked.current = true
    if (window.location.hash !== '') return
    void openFirstRun(client)
  }, [client, demoOnly])
}

async function openFirstRun(client: ControlClient): Promise<void> {
  try {
    const isFirst = isFirstRun(await client.setup())
    if (isFirst && window.location.hash === '') openPage({ name: 'setup', step: undefined }, true)
  } catch {
    // Whoever cannot be asked has no first run: the page stays what it is.
  }
}
