import '@mantine/core/styles/default-css-variables.css'
import '@mantine/core/styles/UnstyledButton.css'
import '@mantine/core/styles/Tabs.css'
import '@mantine/core/styles/Tooltip.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'
import './styles/requests.css'
import './styles/activity.css'
import './styles/routers.css'
import './styles/router-editor.css'
import './styles/surfaces.css'
import './styles/tables.css'
import './styles/spend.css'
import './styles/forms.css'
import './styles/backends.css'
import './styles/agents.css'
import './styles/edit-pages.css'
import './styles/settings.css'
import './styles/models.css'
import './styles/setup.css'
import './styles/stopped.css'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { createControlClient } from '../gateway/contract/control-client.ts'
import { App } from './app.tsx'
import { LinkPage } from './link-page.tsx'
import { createLiveStore } from './state/live-store.ts'
import { type Surroundings, SurroundingsProvider } from './state/live-context.tsx'
import { beginSession, forgetToken, readToken } from './state/session.ts'
import { createTicker } from './state/ticker.ts'
import { theme } from './theme.ts'

const tickMs = 100

function after(delayMs: number, callback: () => void): () => void {
  const timer = window.setTimeout(callback, delayMs)
  return () => window.clearTimeout(timer)
}

function createSurroundings(): Surroundings {
  const client = createControlClient({
    baseUrl: '',
    token: () => (window.location.protocol === 'app:' ? undefined : readToken(window.sessionStorage)),
    fetch: (input, init) => window.fetch(input, init),
  })
  return {
    client,
    store: createLiveStore({ client, now: Date.now, after, random: Math.random }),
    ticker: createTicker({
      intervalMs: tickMs,
      setInterval: (callback, intervalMs) => window.setInterval(callback, intervalMs),
      clearInterval: (timer) => window.clearInterval(timer),
      isHidden: () => document.hidden,
      onVisibility: (callback) => {
        document.addEventListener('visibilitychange', callback)
        return () => document.removeEventListener('visibilitychange', callback)
      },
    }),
    now: Date.now,
  }
}

function draw(root: Root, surroundings: Surroundings) {
  // The gateway is on this machine: being offline is no reason to hold a call back, nor is a repeat worth its wait.
  const always = { networkMode: 'always', retry: false } as const
  const queries = new QueryClient({
    defaultOptions: { queries: { ...always, refetchOnWindowFocus: false }, mutations: always },
  })
  root.render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
        <QueryClientProvider client={queries}>
          <SurroundingsProvider value={surroundings}>
            <App onRefused={() => forgetToken(window.sessionStorage)} />
          </SurroundingsProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}

async function start(root: Root) {
  const surroundings = createSurroundings()
  const session = await beginSession({
    protocol: window.location.protocol,
    fragment: window.location.hash,
    storage: window.sessionStorage,
    exchange: (code) => surroundings.client.exchangeCode(code),
    removeFragment: () => window.history.replaceState(null, '', window.location.pathname),
  })
  if (session.state !== 'ready') {
    root.render(<LinkPage problem={session.state} />)
    return
  }
  const { store } = surroundings
  store.start()
  window.addEventListener('online', store.retryNow)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) store.retryNow()
  })
  window.addEventListener('pagehide', store.stop, { once: true })
  // Come back from the browser's page cache, the stream is gone for good.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) window.location.reload()
  })
  draw(root, surroundings)
}

const element = document.getElementById('root')
if (element === null) throw new Error('index.html has no element with the id root')
// A link with a new code opened in the same tab changes only the fragment, which loads nothing by itself.
window.addEventListener('hashchange', () => {
  if (window.location.hash.startsWith('#code=')) window.location.reload()
})
await start(createRoot(element))
