/** How long any question to the operating system's keychain may take, in ms. A locked one shows a prompt and waits for ever. */
export const secretDeadlineMs = 2_000

/**
 * Settles as `work` does, or rejects with what `lateError` makes after `milliseconds`. The signal given to `work` is
 * aborted then; work that ignores it goes on without anyone listening.
 */
export async function withDeadline<Value>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<Value>,
  lateError: () => Error,
): Promise<Value> {
  const controller = new AbortController()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(lateError())
    controller.abort()
  }, milliseconds)
  try {
    return await Promise.race([work(controller.signal), late])
  } finally {
    clearTimeout(timer)
  }
}
