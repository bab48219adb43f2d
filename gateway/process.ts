/** Entry: the gateway as a process of its own, from a shell, forked by Node or as Electron's utility process. */
import { prepareNode } from './node-version.ts'

prepareNode()
// Imported only now: the modules below load native code that ends an old Node without a word.
const { runGateway } = await import('./process/run-gateway.ts')
const exitCode = await runGateway(process.argv.slice(2))
// Ends a process that a stuck native call (a silent keychain) would keep alive.
process.exit(exitCode)
