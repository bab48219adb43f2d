import type { GpuList, GpuView } from '../contract/gpus.ts'
import type { NetworkHostView, NetworkView } from '../contract/network.ts'
import { textTable } from './text-table.ts'

const gibibyte = 1024 ** 3

/** Hosts and how they are reached, as lines for a terminal; none where no host is followed. Pure. */
export function networkLines({ vpn, hosts, source, standIns }: NetworkView): string[] {
  if (hosts.length === 0) return []
  const advice = vpn.sentence === null ? [] : [`${vpn.sentence}.`]
  // One sentence speaks for all that the VPN has taken away.
  const others = hosts.filter(
    ({ host, state }) => !(vpn.state === 'off' && state === 'path_lost' && vpn.neededBy.includes(host)),
  )
  const problems = others.flatMap(problemLines)
  return [
    `Paths (changes are told by ${source})`,
    ...[...textTable(hosts.map(hostRow)), ...new Set([...advice, ...problems, ...standIns.map(standInLine)])].map(
      (line) => `  ${line}`,
    ),
  ]
}

function standInLine({ router, tier, model }: NetworkView['standIns'][number]): string {
  return `Until then ${model ?? 'nothing'} answers ${tier} of ${router}.`
}

/** The GPUs of this machine as lines for a terminal; `unknown` where their driver does not tell. Pure. */
export function gpuLines({ gpus, problems }: GpuList): string[] {
  if (gpus.length === 0 && problems.length === 0) return []
  return ['GPUs', ...gpus.flatMap(linesOf).map((line) => `  ${line}`), ...problems.map((line) => `  ${line}`)]
}

function hostRow({ host, state, path, network, networkSource }: NetworkHostView): string[] {
  const over = path === null ? 'no way' : `${path.interface ?? 'unknown interface'}${tunnelOf(path.tunnel)}`
  const need = network === null ? '' : `network ${network} (${networkSource === 'config' ? 'configured' : 'learned'})`
  return [host, state.replace('_', ' '), over, need]
}

function tunnelOf(tunnel: string | null): string {
  return tunnel === null ? '' : ` (${tunnel === 'VPN' ? 'VPN' : `VPN ${tunnel}`})`
}

function problemLines({ reason, remedy }: NetworkHostView): string[] {
  return reason === null ? [] : [`${reason}.`, ...(remedy === null ? [] : [remedy])]
}

function linesOf(gpu: GpuView): string[] {
  const used = gpu.memoryUsedBytes === null ? 'unknown' : gib(gpu.memoryUsedBytes)
  const total = gpu.memoryTotalBytes === null ? 'unknown' : gib(gpu.memoryTotalBytes)
  const memory = gpu.unified ? 'unified memory' : 'memory'
  const facts = [
    `${memory} ${used} of ${total}`,
    `load ${gpu.utilization === null ? 'unknown' : `${Math.round(gpu.utilization)} %`}`,
    ...(gpu.temperature === null ? [] : [`${Math.round(gpu.temperature)} °C`]),
    ...(gpu.instances.length === 0 ? [] : [`MIG ${gpu.instances.join(', ')}`]),
  ]
  const processes = gpu.processes.map(
    ({ pid, name, memoryBytes, backend }) =>
      `  ${name === '' ? 'process' : name} (${pid}) ${memoryBytes === null ? 'memory unknown' : gib(memoryBytes)}${backend === null ? '' : `, ${backend}`}`,
  )
  return [`${gpu.name}  ${facts.join(', ')}`, ...processes]
}

function gib(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`
}
