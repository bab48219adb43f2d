/** Links that were clicked, in order. macOS delivers one before the app is ready: it waits until somebody takes it. */
export interface LinkInbox {
  /** A link has come. */
  add(link: string): void
  /** The listener gets what waits, and all that come later; the result unsubscribes it. */
  take(listener: (link: string) => void): () => void
}

/** More than these are not clicked by a person before the app is ready. */
const mostWaiting = 8

export function createLinkInbox(): LinkInbox {
  const waiting: string[] = []
  let taker: ((link: string) => void) | undefined
  return {
    add(link) {
      if (taker !== undefined) taker(link)
      else if (waiting.length < mostWaiting) waiting.push(link)
    },
    take(listener) {
      taker = listener
      for (const link of waiting.splice(0)) listener(link)
      return () => {
        if (taker === listener) taker = undefined
      }
    },
  }
}
