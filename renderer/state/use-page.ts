import { useMemo, useSyncExternalStore } from 'react'
import { type Page, readPage, writePage } from './page.ts'

/** The page the address names. */
export function usePage(): Page {
  const fragment = useSyncExternalStore(subscribe, () => window.location.hash)
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

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}
