import { createServer } from 'node:net'

/** As far as is looked: whoever holds so many ports in a row has other troubles. */
const mostTries = 100

/**
 * The nearest port above `port` that can be listened on now; undefined = none of the next hundred, or the host is none of
 * this machine's. Somebody else may take it the next moment: a proposal, not a promise.
 */
export async function nextFreePort(host: string, port: number): Promise<number | undefined> {
  for (let next = port + 1; next <= Math.min(port + mostTries, 65_535); next += 1) {
    const outcome = await tryPort(host, next)
    if (outcome === 'free') return next
    if (outcome === 'hopeless') return undefined
  }
  return undefined
}

function tryPort(host: string, port: number): Promise<'free' | 'taken' | 'hopeless'> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      resolve(code === 'EADDRINUSE' || code === 'EACCES' ? 'taken' : 'hopeless')
    })
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => resolve('free'))
    })
  })
}
