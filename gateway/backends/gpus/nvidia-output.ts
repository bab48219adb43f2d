import { type Gpu, type GpuProcess, mebibyte } from './gpu.ts'

/** Fields asked of `nvidia-smi --query-gpu`, in this order: one unknown to the driver would fail the whole call, so all are old ones. */
export const nvidiaFields = [
  'index',
  'uuid',
  'name',
  'pci.bus_id',
  'driver_version',
  'memory.total',
  'memory.used',
  'utilization.gpu',
  'temperature.gpu',
  'power.draw',
  'mig.mode.current',
] as const

/** Boards whose GPU has no memory of its own. */
const unifiedBoards = /\bGB10\b|\bOrin\b|\bThor\b|\bXavier\b|\bTegra\b/i

export interface SystemMemory {
  readonly totalBytes: number
  readonly usedBytes: number
}

/**
 * Reads one line of `--query-gpu=… --format=csv,noheader,nounits` (MiB, %, °C, W). A name may hold commas: the first two
 * fields and the last eight are counted from their ends. Undefined for a line that is no such row. Pure.
 */
export function readNvidiaLine(line: string, system: SystemMemory): Gpu | undefined {
  const cells = line.split(',').map((cell) => cell.trim())
  if (cells.length < nvidiaFields.length) return undefined
  const [index = '', uuid = ''] = cells
  const [bus = '', driver = '', total, used, utilization, temperature, power, mig] = cells.slice(-8)
  if (!/^\d+$/.test(index) || !/^(?:GPU|MIG)-/.test(uuid)) return undefined
  const name = cells.slice(2, -8).join(', ')
  const isUnified = numberOf(total) === undefined && unifiedBoards.test(name)
  const ownTotal = numberOf(total)
  const ownUsed = numberOf(used)
  return {
    id: uuid,
    vendor: 'nvidia',
    name: name === '' ? bus : name,
    driver: isAbsent(driver) ? undefined : driver,
    unified: isUnified,
    memoryTotalBytes: isUnified ? system.totalBytes : ownTotal === undefined ? undefined : ownTotal * mebibyte,
    memoryUsedBytes: isUnified ? system.usedBytes : ownUsed === undefined ? undefined : ownUsed * mebibyte,
    memoryOf: isUnified ? 'system' : ownTotal === undefined ? undefined : 'gpu',
    utilization: numberOf(utilization),
    temperature: numberOf(temperature),
    powerWatts: numberOf(power),
    instances: mig === 'Enabled' ? ['MIG'] : [],
    processes: [],
  }
}

/** Reads `--query-compute-apps=gpu_uuid,pid,used_gpu_memory,process_name` in the same format, by GPU. A name may hold commas. Pure. */
export function readNvidiaProcesses(text: string): Map<string, GpuProcess[]> {
  const byGpu = new Map<string, GpuProcess[]>()
  for (const line of text.split(/\r?\n/)) {
    const [uuid = '', pidText = '', memory, ...name] = line.split(',').map((cell) => cell.trim())
    const pid = Number(pidText)
    if (!/^(?:GPU|MIG)-/.test(uuid) || !Number.isInteger(pid) || pid <= 0) continue
    const used = numberOf(memory)
    const process = {
      pid,
      name: programName(name.join(', ')),
      memoryBytes: used === undefined ? undefined : used * mebibyte,
    }
    byGpu.set(uuid, [...(byGpu.get(uuid) ?? []), process])
  }
  return byGpu
}

/** Reads `nvidia-smi -L`: profiles of MIG instances by the UUID of their GPU. Pure. */
export function readMigInstances(text: string): Map<string, string[]> {
  const byGpu = new Map<string, string[]>()
  let current = ''
  for (const line of text.split(/\r?\n/)) {
    current = /^GPU \d+: .*\(UUID: (GPU-[^)]+)\)/.exec(line)?.[1] ?? current
    const profile = /^\s+MIG (\S+)\s+Device\s+\d+:/.exec(line)?.[1]
    if (profile !== undefined) byGpu.set(current, [...(byGpu.get(current) ?? []), profile])
  }
  return byGpu
}

/** What nvidia-smi says instead of numbers, as one sentence; undefined when it is not known. Pure. */
export function nvidiaProblem(output: string): string | undefined {
  if (/could(?:n't| not) communicate with the NVIDIA driver/i.test(output))
    return 'The NVIDIA driver does not run: install or load it; until then nothing is known of the GPU.'
  if (/Driver\/library version mismatch/i.test(output))
    return 'The NVIDIA driver was updated and not yet loaded: restart the machine.'
  if (/No devices were found/i.test(output)) return 'The NVIDIA driver runs and finds no GPU.'
  return undefined
}

function numberOf(cell: string | undefined): number | undefined {
  if (cell === undefined || isAbsent(cell)) return undefined
  const number = Number(cell)
  return Number.isFinite(number) && number >= 0 ? number : undefined
}

/** `[N/A]`, `N/A`, `[Not Supported]`, `[Unknown Error]`, `[Insufficient Permissions]`. */
function isAbsent(cell: string): boolean {
  return cell === '' || cell.startsWith('[') || /^N\/A$/i.test(cell)
}

/** Command lines may hold secrets: only the program's own name is kept. */
function programName(path: string): string {
  if (isAbsent(path)) return ''
  return path.split(/[\\/]/).at(-1)?.split(' ')[0] ?? ''
}
