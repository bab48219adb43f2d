import { useEffect, useRef } from 'react'
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
    client.setup().then(
      (setup) => {
        if (isFirstRun(setup) && window.location.hash === '') openPage({ name: 'setup', step: undefined }, true)
      },
      // Whoever cannot be asked has no first run: the page stays what it is.
      () => undefined,
    )
  }, [client, demoOnly])
}
