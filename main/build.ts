/** `npm run build`: every bundle whose sources changed, for Electron and for packages. */
import { fileURLToPath } from 'node:url'
import { buildStale, describeFailures } from './launch/build-stale.ts'
import { desktopTargets, rendererTarget } from './launch/build-targets.ts'

const projectDirectory = fileURLToPath(new URL('..', import.meta.url))
const outcomes = await buildStale(projectDirectory, [rendererTarget, ...desktopTargets])
process.stderr.write(describeFailures(outcomes))
// Unlike at `npm start`, a bundle that cannot be made is a failure whatever the reason.
const missing = outcomes.filter(({ result }) => result === 'failed' || result === 'skipped')
if (missing.length > 0) {
  process.stderr.write(`Not built: ${missing.map(({ name }) => name).join(', ')}.\n`)
  process.exitCode = 1
}
