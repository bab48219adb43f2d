import { appOrigin } from '../security/app-protocol.ts'

/** The frame a message came from, as far as trust depends on it; null after the page moved on. */
export interface SenderFrame {
  readonly url: string
  readonly parent: unknown
}

/** True for the main frame of one of our own pages; nobody else may call the desktop. */
export function isTrustedSender(frame: SenderFrame | null): boolean {
  return frame !== null && frame.parent === null && frame.url.startsWith(`${appOrigin}/`)
}
