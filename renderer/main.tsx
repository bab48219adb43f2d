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
import { LinkPage, type LinkProblem } from './link-page.tsx'
import { createLiveStore } from './state/live-store.ts'
import { type Surroundings, SurroundingsProvider } from './state/live-context.tsx'
import { beginSession, forgetToken, readCode, readToken } from './state/session.ts'
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

function createQueries(): QueryClient {
  // The gateway is on this machine: being offline is no reason to hold a call back, nor is a repeat worth its wait.
  const always = { networkMode: 'always', retry: false } as const
  return new QueryClient({
    defaultOptions: { queries: { ...always, refetchOnWindowFocus: false }, mutations: always },
  })
}

interface Drawing {
  readonly root: Root
  readonly surroundings: Surroundings
  readonly queries: QueryClient
}

/** The same for every drawing: another one would forget the session that a new link has just given. */
function forgetSession() {
  forgetToken(window.sessionStorage)
}

/** Draws the interface; drawn again, it keeps what was typed. `problem`: why a session that has ended is still not another one. */
function draw({ root, surroundings, queries }: Drawing, problem: LinkProblem = 'refused') {
  root.render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
        <QueryClientProvider client={queries}>
          <SurroundingsProvider value={surroundings}>
            <App problem={problem} onRefused={forgetSession} />
          </SurroundingsProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}

function tradeLink(surroundings: Surroundings, addressAfter: string) {
  return beginSession({
    protocol: window.location.protocol,
    fragment: window.location.hash,
    storage: window.sessionStorage,
    exchange: (code) => surroundings.client.exchangeCode(code),
    removeFragment: () => window.history.replaceState(null, '', addressAfter),
  })
}

async function start(root: Root) {
  const surroundings = createSurroundings()
  const session = await tradeLink(surroundings, window.location.pathname)
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
  const drawing = { root, surroundings, queries: createQueries() }
  takeLink = (addressBefore) => renew(drawing, addressBefore)
  draw(drawing)
}

/** A link opened where a page is drawn already: another session for the same page, with all that was typed in it. */
async function renew(drawing: Drawing, addressBefore: string) {
  const { surroundings, queries } = drawing
  const session = await tradeLink(surroundings, addressBefore)
  draw(drawing, session.state === 'ready' ? 'refused' : session.state)
  if (session.state !== 'ready' || surroundings.store.getState().connection !== 'refused') return
  surroundings.store.start()
  await queries.invalidateQueries()
}

/** Undefined until there is a page that could lose something. */
let takeLink: ((addressBefore: string) => Promise<void>) | undefined

const element = document.getElementById('root')
if (element === null) throw new Error('index.html has no element with the id root')
// A link with a new code opened in the same tab changes only the fragment, which loads nothing by itself.
window.addEventListener('hashchange', ({ oldURL }) => {
  if (readCode(window.location.hash) === undefined) return
  if (takeLink === undefined) window.location.reload()
  else void takeLink(oldURL)
})
await start(createRoot(element))
