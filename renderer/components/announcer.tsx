import { useEffect, useRef, useState } from 'react'
import { hasFailed, shownModel } from '../state/request-figures.ts'
import { needsCare } from '../state/backend-hosts.ts'
import type { LiveState } from '../state/live-state.ts'
import { strings } from '../strings.ts'

/** The page's one live region: changes of state and failures, never each request. */
export function Announcer({ live }: { readonly live: LiveState }) {
  const before = useRef(live)
  const [text, setText] = useState('')
  useEffect(() => {
    const news = describeChange(before.current, live)
    before.current = live
    if (news !== undefined) setText(news)
  }, [live])
  return (
    <div className="visually-hidden" aria-live="polite">
      {text}
    </div>
  )
}

function describeChange(before: LiveState, now: LiveState): string | undefined {
  if (before.connection === 'live' && now.connection === 'away') return strings.announce.away
  if (before.connection === 'away' && now.connection === 'live') return strings.announce.back
  if (before.status?.config.refused === false && now.status?.config.refused === true) {
    return strings.announce.problems(now.status.config.problems.length)
  }
  const news = before.connection === 'live' ? backendNews(before, now) : undefined
  if (news !== undefined) return news
  if (before.requests === now.requests || before.connection !== 'live') return undefined
  const failed = now.requests.find(
    (request) => hasFailed(request) && before.requests.some((old) => old.id === request.id && !hasFailed(old)),
  )
  return failed === undefined ? undefined : strings.announce.failed(shownModel(failed))
}

/** Of servers that were known before and that somebody wants. */
function backendNews(before: LiveState, now: LiveState): string | undefined {
  if (before.backends === now.backends) return undefined
  for (const backend of now.backends) {
    const old = before.backends.find(({ name }) => name === backend.name)
    if (old === undefined || old.state === backend.state || backend.source !== 'config') continue
    if (old.state === 'up' && needsCare(backend)) return strings.backends.announceAway(backend.name)
    if (needsCare(old) && backend.state === 'up') return strings.backends.announceBack(backend.name)
  }
  return undefined
}
