// Claims a gateway file and tells how it went, then waits until standard input closes (see gateway-file.test.ts).
import { claimGatewayFile, DataDirectoryInUse } from '../../../gateway/process/gateway-file.ts'
import { judgeLiveness, machineQuestions } from '../../../gateway/process/gateway-liveness.ts'

const path = process.argv[2] ?? ''
// All contenders wait for the same moment, so that they really meet.
const start = Number(process.argv[3])
while (Date.now() < start) await new Promise((resolve) => setTimeout(resolve, 1))
try {
  await claimGatewayFile({
    path,
    entry: { pid: process.pid, url: '', controlToken: '', version: 'test', startedAt: Date.now() },
    liveness: (file) => judgeLiveness(file, machineQuestions),
  })
  process.stdout.write('won\n')
} catch (error) {
  process.stdout.write(error instanceof DataDirectoryInUse ? 'lost\n' : `failed ${String(error)}\n`)
}
process.stdin.on('close', () => process.exit(0)).resume()
