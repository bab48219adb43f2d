/** Our own scripts. Inside another one (`npm test`), whoever starts a gateway may leave it running on purpose. */
const ownScripts: ReadonlySet<string> = new Set(['start', 'gateway', 'cli'])

const checkMs = 1_000

export interface NpmParentOptions {
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The id of the parent process now. */
  readonly parentId: () => number
  /** Called once, when the parent is gone. */
  readonly onGone: () => void
}

/**
 * Watches the shell in which npm runs a script. npm passes SIGTERM to that shell only, which ends without passing it on:
 * the gateway would go on unseen, and hold its port. Its new parent tells. Does nothing outside our own npm scripts.
 * @returns stops watching
 */
export function watchNpmParent({ platform, environment, parentId, onGone }: NpmParentOptions): () => void {
  if (platform === 'win32' || !ownScripts.has(environment['npm_lifecycle_event'] ?? '')) return () => undefined
  const first = parentId()
  const timer = setInterval(() => {
    if (parentId() === first) return
    clearInterval(timer)
    onGone()
  }, checkMs)
  timer.unref()
  return () => clearInterval(timer)
}
