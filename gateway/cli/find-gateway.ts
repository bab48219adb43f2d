import { type ControlClient, createControlClient } from '../contract/control-client.ts'
import type { GatewayFile } from '../contract/gateway-file.ts'
import { readGatewayFile } from '../process/gateway-file.ts'
import { judgeLiveness, machineQuestions } from '../process/gateway-liveness.ts'
import type { GatewayPaths } from '../process/paths.ts'
import { CommandFailure } from './command-failure.ts'

export interface RunningGateway {
  readonly file: GatewayFile
  readonly client: ControlClient
}

/** The gateway that runs on a data directory, found through its gateway.json; undefined when none answers. */
export async function findGateway(paths: GatewayPaths): Promise<RunningGateway | undefined> {
  const file = readGatewayFile(paths.gatewayFilePath)
  if (file === undefined || file.url === '') return undefined
  if ((await judgeLiveness(file, machineQuestions)) !== 'running') return undefined
  const client = createControlClient({
    baseUrl: file.url,
    token: () => file.controlToken,
    fetch: (input, init) => fetchOrExplain(file.url, input, init),
  })
  return { file, client }
}

/** The same for commands that cannot do without. @throws CommandFailure */
export async function requireGateway(paths: GatewayPaths): Promise<RunningGateway> {
  const running = await findGateway(paths)
  if (running !== undefined) return running
  throw new CommandFailure(
    `No gateway runs on the data in ${paths.dataDir}. Start one with \`npm run gateway\`, or name its data with --data-dir.`,
  )
}

/** Longer than the slowest report may take, in ms. */
const answerDeadlineMs = 70_000

async function fetchOrExplain(url: string, input: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(input, { signal: AbortSignal.timeout(answerDeadlineMs), ...init })
  } catch {
    throw new CommandFailure(`The gateway at ${url} does not answer. Look at its log, or stop it and start it again.`)
  }
}
