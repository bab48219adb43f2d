import { utilityProcess } from 'electron'
import type { ForkGateway } from '../gateway/gateway-child.ts'
import { withPort } from '../gateway/gateway-environment.ts'

export interface GatewayProcessOptions {
  /** The built entry. */
  readonly entryFile: string
  readonly flags: readonly string[]
  readonly environment: Record<string, string>
  /** True while developing: the gateway's lines are then seen in the terminal. */
  readonly showOutput: boolean
}

/** The gateway in a process of its own that dies with the app. Call after `ready`. */
export function adaptGatewayProcess(options: GatewayProcessOptions): ForkGateway {
  return (listeners, port) => {
    const child = utilityProcess.fork(options.entryFile, withPort(options.flags, port), {
      serviceName: 'Signalbox gateway',
      env: options.environment,
      stdio: options.showOutput ? 'inherit' : 'ignore',
    })
    child.on('message', listeners.message)
    child.once('exit', listeners.exit)
    return {
      send: (command) => child.postMessage(command),
      kill: () => {
        child.kill()
      },
    }
  }
}
