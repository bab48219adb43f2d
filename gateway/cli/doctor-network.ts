import type { GpuList } from '../contract/gpus.ts'
import type { NetworkHostView, NetworkView } from '../contract/network.ts'
import type { Finding } from './doctor.ts'
import type { RunningGateway } from './find-gateway.ts'

/** One line for each host that is followed and each trouble with a GPU. Only the running gateway knows. */
export async function checkNetwork(running: RunningGateway | undefined): Promise<Finding[]> {
  if (running === undefined) return []
  const [network, gpus] = await Promise.all([running.client.network(), running.client.gpus()])
  return [...networkFindings(network), ...gpuFindings(gpus)]
}

/** Pure. */
export function networkFindings({ hosts }: NetworkView): Finding[] {
  return hosts.map(hostFinding)
}

function hostFinding({ host, state, reason, remedy, path }: NetworkHostView): Finding {
  const check = 'network'
  if (reason === null) {
    const over = path === null ? '' : ` over ${path.interface ?? path.source}${path.tunnel === null ? '' : ' (VPN)'}`
    return { check, state: 'ok', message: `${host}: ${state.replace('_', ' ')}${over}.` }
  }
  const message = `${host}: ${state.replace('_', ' ')}: ${reason}.`
  return { check, state: 'warning', message, remedy: remedy ?? 'Wait a moment and look again.' }
}

/** Pure. */
export function gpuFindings({ gpus, problems }: GpuList): Finding[] {
  const check = 'gpu'
  const troubles = problems.map((problem): Finding => {
    const [message = problem, remedy = 'Look at the driver.'] = problem.split(/: (?=[^:]*$)/)
    return { check, state: 'warning', message: `${message.replace(/\.$/, '')}.`, remedy: sentence(remedy) }
  })
  const names = gpus.map(({ name, unified }) => (unified ? `${name} (unified memory)` : name))
  return names.length === 0 ? troubles : [{ check, state: 'ok', message: `${names.join(', ')}.` }, ...troubles]
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
