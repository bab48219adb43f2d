import type { AppPort, Unsubscribe } from '../ports/electron-ports.ts'

/**
 * Makes this the only copy of the app. False when another one runs: it has been told to show itself, and this one must
 * end without starting anything.
 */
export function becomeOnlyInstance(app: Pick<AppPort, 'requestLock'>, argumentList: readonly string[]): boolean {
  return app.requestLock({ arguments: argumentList })
}

/**
 * Starting the app again is how people look for its window, most of all where there is no tray. `show` gets the
 * arguments of that start: Chromium changes the order of those it passes on by itself, so they come in the data of the lock.
 */
export function showOnSecondStart(
  app: Pick<AppPort, 'onSecondInstance'>,
  show: (argumentList: readonly string[]) => void,
): Unsubscribe {
  return app.onSecondInstance((data) => show(readStartArguments(data)))
}

/** The arguments in what a second copy left with the lock; none when it is something else. */
export function readStartArguments(data: unknown): readonly string[] {
  const list = (data as { arguments?: unknown } | null | undefined)?.arguments
  return Array.isArray(list) ? list.filter((argument) => typeof argument === 'string') : []
}
