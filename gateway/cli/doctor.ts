import type { CommandContext, CommandResult } from './command-context.ts'
import { checkBackends } from './doctor-backends.ts'
import { checkNetwork } from './doctor-network.ts'
import {
  checkAuthorities,
  checkConfig,
  checkData,
  checkGateway,
  checkInterface,
  checkKeychain,
  checkNode,
  checkPort,
  checkProxy,
} from './doctor-checks.ts'
import { findGateway } from './find-gateway.ts'
import { textTable } from './text-table.ts'

/** One line of `doctor`. `remedy` is there whenever the state is not `ok`. */
export interface Finding {
  readonly check: string
  readonly state: 'ok' | 'warning' | 'error'
  readonly message: string
  readonly remedy?: string
}

/** Looks at everything a gateway needs, changes nothing, and says for each what to do. Exit code 1 when something is wrong. */
export async function doctor(context: CommandContext): CommandResult {
  const running = await findGateway(context.paths)
  const findings: Finding[] = [
    checkNode(),
    await checkConfig(context),
    checkData(context),
    await checkKeychain(context),
    checkGateway(context, running),
    ...(await checkBackends(running)),
    ...(await checkNetwork(running)),
    ...(running === undefined ? [await checkPort(context)] : []),
    checkProxy(context),
    checkAuthorities(context),
    checkInterface(),
  ]
  if (context.json) await context.print(JSON.stringify({ findings }))
  else {
    const rows = findings.map(({ check, state, message, remedy }) => [
      state,
      check,
      remedy === undefined ? message : `${message} ${remedy}`,
    ])
    for (const line of textTable(rows)) await context.print(line)
  }
  return findings.some(({ state }) => state === 'error') ? 1 : 0
}
