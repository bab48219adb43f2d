import type { AppPort, Unsubscribe } from '../ports/electron-ports.ts'

/**
 * Makes this the only copy of the app. False when another one runs: it has been told to show itself, and this one must
 * end without starting anything.
 */
export function becomeOnlyInstance(app: Pick<AppPort, 'requestLock'>, argumentList: readonly string[]): boolean {
  return app.requestLock({ arguments: argumentList })
}

/** Starting the app again is how people look for its window, most of all where there is no tray. */
export function showOnSecondStart(app: Pick<AppPort, 'onSecondInstance'>, show: () => void): Unsubscribe {
  return app.onSecondInstance(show)
}
