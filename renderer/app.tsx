import { useMediaQuery } from '@mantine/hooks'
import { useEffect } from 'react'
import { Announcer } from './components/announcer.tsx'
import { UnlessStopped } from './components/gateway-stopped.tsx'
import { Dashboard } from './dashboard/dashboard.tsx'
import { SetupPage } from './dashboard/setup/setup-page.tsx'
import { LinkPage, type LinkProblem } from './link-page.tsx'
import { Panel } from './panel/panel.tsx'
import { useFirstRun } from './state/use-first-run.ts'
import { useLive } from './state/live-context.tsx'
import { usePage } from './state/use-page.ts'
import { stateWords } from './state/summary.ts'
import { strings } from './strings.ts'

export interface AppProps {
  /** What is said while the session has ended. */
  readonly problem: LinkProblem
  readonly onRefused: () => void
}

/**
 * The one bundle's two surfaces: the panel where the page is as narrow as one, else the dashboard. A session that ends
 * covers the page and leaves it as it is, so that nothing typed is lost until there is another one.
 */
export function App({ problem, onRefused }: AppProps) {
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
  if (refused && live.status === null) return <LinkPage problem={problem} />
  const surface =
    page.name === 'setup' ? <SetupPage live={live} named={page.step} /> : narrow ? <Panel /> : <Dashboard />
  return (
    <>
      {refused && <LinkPage problem={problem} />}
      <div className={refused ? 'surface surface-kept' : 'surface'}>
        {live.status === null ? <UnlessStopped>{surface}</UnlessStopped> : surface}
      </div>
      <Announcer live={live} />
    </>
  )
}
