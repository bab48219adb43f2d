/** Entry: the command `signalbox`, in the project `npm run cli --`. */
import { prepareNode } from './node-version.ts'

prepareNode()
const { runCommandLine } = await import('./cli/run-command-line.ts')
const exitCode = await runCommandLine(process.argv.slice(2))
// Everything printed must be out before the end, and a stuck native call (a silent keychain) must not hold it up.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))))
process.exit(exitCode)
