import { enableCompileCache } from 'node:module'

/** The oldest Node that runs the gateway: it strips types by itself and has what undici 8 and better-sqlite3 13 need. */
export const minimumNodeVersion = { major: 22, minor: 19 } as const

/**
 * Says why a Node version cannot run the gateway, or undefined when it can. `version` is `process.versions.node`.
 * Older versions do not fail cleanly by themselves: better-sqlite3 13 ends Node 20 with a segmentation fault.
 */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const { major: wantedMajor, minor: wantedMinor } = minimumNodeVersion
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined
  return (
    `Signalbox needs Node ${wantedMajor}.${wantedMinor} or newer and was started with Node ${version}. ` +
    'Start it with `npm start`, `npm run gateway` or `npm run cli`: these use the Node that `npm ci` installs with the project.'
  )
}

/**
 * Called by every entry before it imports anything else: ends the process with exit code 1 and a sentence on a Node
 * that is too old, and turns on the compile cache so that later starts are quicker.
 */
export function prepareNode(): void {
  const problem = nodeVersionProblem(process.versions.node)
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`)
    process.exit(1)
  }
  // A cache that cannot be written only costs time; Node reports that in the result and never throws.
  enableCompileCache()
}
