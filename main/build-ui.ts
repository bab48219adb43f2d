/** Runs before `npm run gateway`: builds the interface it serves under /ui, when its sources are newer. */
import { fileURLToPath } from 'node:url'
import { buildStale, describeFailures } from './launch/build-stale.ts'
import { rendererTarget } from './launch/build-targets.ts'

const projectDirectory = fileURLToPath(new URL('..', import.meta.url))
const outcomes = await buildStale(projectDirectory, [rendererTarget])
// A broken interface must not keep the gateway from serving requests: it is said, and the gateway starts.
process.stderr.write(describeFailures(outcomes))
