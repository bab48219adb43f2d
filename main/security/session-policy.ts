import { appOrigin } from './app-protocol.ts'
import { safeExternalLink } from './external-links.ts'

/** Copying to the clipboard by a click is all the interface asks of the browser. */
export function isPermissionAllowed(permission: string, requestingUrl: string): boolean {
  return permission === 'clipboard-sanitized-write' && isInterface(requestingUrl)
}

/** A page may only move within the interface. */
export function isNavigationAllowed(url: string): boolean {
  return isInterface(url)
}

/** What a window may request: the interface and its API; in development also what the developer tools are made of. */
export function isRequestAllowed(url: string, developerTools: boolean): boolean {
  if (isInterface(url) || url.startsWith('data:image/')) return true
  return developerTools && (url.startsWith('devtools:') || url.startsWith(`blob:${appOrigin}/`))
}

function isInterface(url: string): boolean {
  // Compared as text: `origin` of a scheme unknown to the parser is the word "null".
  return url === appOrigin || url.startsWith(`${appOrigin}/`)
}

/** The part of a web session that the policy governs. */
export interface SessionPort {
  onPermission(decide: (permission: string, requestingUrl: string) => boolean): void
  denyDevices(): void
  onRequest(decide: (url: string) => boolean): void
}

/** The part of a page that the policy governs. */
export interface PagePort {
  onNavigate(decide: (url: string) => boolean): void
  /** New windows are always refused; the callback learns the address. */
  onOpenWindow(notice: (url: string) => void): void
  refuseWebviews(): void
}

export function applySessionPolicy(session: SessionPort, { developerTools }: { developerTools: boolean }): void {
  session.onPermission(isPermissionAllowed)
  session.denyDevices()
  session.onRequest((url) => isRequestAllowed(url, developerTools))
}

/** Applied to every page when it is made. Allowed external links go to the system's browser. */
export function applyPagePolicy(page: PagePort, { openExternal }: { openExternal: (url: string) => void }): void {
  page.onNavigate(isNavigationAllowed)
  page.refuseWebviews()
  page.onOpenWindow((url) => {
    const link = safeExternalLink(url)
    if (link !== undefined) openExternal(link)
  })
}
