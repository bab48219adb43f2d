import { useMemo, useSyncExternalStore } from 'react'
import { type Page, readPage, writePage } from './page.ts'
import { readCode } from './session.ts'

/** The last fragment that was no link. */
let named = ''

/** The page the address names. */
export function usePage(): Page {
  const fragment = useSyncExternalStore(subscribe, readFragment)
  return useMemo(() => readPage(fragment), [fragment])
}

/** Goes to a page; `replace` keeps the back button's history as it was. */
export function openPage(page: Page, replace = false): void {
  const fragment = writePage(page)
  if (fragment === window.location.hash) return
  if (!replace) {
    window.location.hash = fragment
    return
  }
  window.history.replaceState(null, '', fragment)
  window.dispatchEvent(new HashChangeEvent('hashchange'))
}

/** A link that is being traded for a session names no page, and leads away from none. */
function readFragment(): string {
  if (readCode(window.location.hash) === undefined) named = window.location.hash
  return named
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}
