import { useMediaQuery } from '@mantine/hooks'
import { useEffect } from 'react'
import { Announcer } from './components/announcer.tsx'
import { UnlessStopped } from './components/gateway-stopped.tsx'
import { Dashboard } from './dashboard/dashboard.tsx'
import { SetupPage } from './dashboard/setup/setup-page.tsx'
import { LinkPage } from './link-page.tsx'
import { Panel } from './panel/panel.tsx'
import { useFirstRun } from './state/use-first-run.ts'
import { useLive } from './state/live-context.tsx'
import { usePage } from './state/use-page.ts'
import { stateWords } from './state/summary.ts'
import { strings } from './strings.ts'

/** The one bundle's two surfaces: the panel where the page is as narrow as one, else the dashboard. */
export function App({ onRefused }: { readonly onRefused: () => void }) {
  const narrow = useMediaQuery('(max-width: 480px)', false, { getInitialValueInEffect: false })
  const live = useLive()
  const page = usePage()
  useFirstRun(live)
  const refused = live.connection === 'refused'
  const title = `${strings.name} · ${stateWords(live)}`
  useEffect(() => {
    document.title = title
  }, [title])
  useEffect(() => {
    if (refused) onRefused()
  }, [refused, onRefused])
  if (refused) return <LinkPage problem="refused" />
  const surface =
    page.name === 'setup' ? <SetupPage live={live} named={page.step} /> : narrow ? <Panel /> : <Dashboard />
  return (
    <>
      {live.status === null ? <UnlessStopped>{surface}</UnlessStopped> : surface}
      <Announcer live={live} />
    </>
  )
}
