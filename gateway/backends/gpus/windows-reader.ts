import { type Gpu, type GpuProcess, type GpuReader, noGpus } from './gpu.ts'
import { type RunTool, runTool } from './run-tool.ts'

const counters = [
  String.raw`\GPU Adapter Memory(*)\Dedicated Usage`,
  String.raw`\GPU Engine(*)\Utilization Percentage`,
  String.raw`\GPU Process Memory(*)\Dedicated Usage`,
]
const displayClass = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}`

/**
 * Windows: performance counters (no administrator needed) for what is used, the registry for what there is. The counters
 * have English names only on an English system; elsewhere nothing is told, and that is said.
 */
export function createWindowsReader(run: RunTool = runTool): GpuReader {
  return {
    async read() {
      const [samples, registry] = await Promise.all([
        run('typeperf.exe', [...counters, '-sc', '1']),
        run('reg.exe', ['query', displayClass, '/s']),
      ])
      if (samples.end === 'missing') return noGpus
      const gpus = readWindowsGpus(samples.text, registry.text)
      if (gpus.length > 0) return { gpus, problem: undefined }
      return { ...noGpus, problem: 'The GPU counters of Windows could not be read (their names are translated).' }
    },
    rest: () => undefined,
  }
}

/** @param samples CSV of `typeperf`: a header of counter paths, a row of values @param registry `reg query … /s`. Pure. */
export function readWindowsGpus(samples: string, registry: string): Gpu[] {
  const [header, row] = samples
    .split(/\r?\n/)
    .filter((line) => line.startsWith('"'))
    .map(readCsvLine)
  if (header === undefined || row === undefined) return []
  const used = new Map<string, number>()
  const engines = new Map<string, Map<string, number>>()
  const processes = new Map<string, GpuProcess[]>()
  header.forEach((path, column) => {
    const instance = /\((pid_(\d+)_)?(luid_0x[0-9a-f]+_0x[0-9a-f]+)_phys_\d+(?:_eng_\d+_engtype_([^)]*))?\)/i.exec(path)
    const value = Number.parseFloat(row[column] ?? '')
    if (instance === null || !Number.isFinite(value)) return
    const [, , pid, luid = '', engine] = instance
    if (engine !== undefined) {
      const sums = engines.get(luid) ?? new Map<string, number>()
      engines.set(luid, sums.set(engine, (sums.get(engine) ?? 0) + value))
    } else if (pid === undefined) used.set(luid, (used.get(luid) ?? 0) + value)
    else processes.set(luid, [...(processes.get(luid) ?? []), { pid: Number(pid), name: '', memoryBytes: value }])
  })
  const adapters = readAdapters(registry)
  // Which adapter of the registry has which LUID is not told: with one of each there is no doubt.
  const only = used.size === 1 && adapters.length === 1 ? adapters[0] : undefined
  return [...used].map(([luid, bytes]) => ({
    id: luid,
    vendor: vendorOf(only?.name ?? ''),
    name: only?.name ?? 'GPU',
    driver: only?.driver,
    unified: false,
    memoryTotalBytes: only?.memoryBytes,
    memoryUsedBytes: bytes,
    memoryOf: 'gpu' as const,
    // The busiest kind of engine, as the task manager shows it.
    utilization: engines.has(luid) ? Math.min(100, Math.max(...(engines.get(luid)?.values() ?? []))) : undefined,
    temperature: undefined,
    powerWatts: undefined,
    instances: [],
    processes: (processes.get(luid) ?? []).filter(({ memoryBytes }) => memoryBytes !== 0),
  }))
}

interface Adapter {
  readonly name: string
  readonly driver: string | undefined
  /** `HardwareInformation.qwMemorySize`: the older `AdapterRAM` ends at 4 GB. */
  readonly memoryBytes: number | undefined
}

function readAdapters(text: string): Adapter[] {
  return text
    .split(/^HKEY_LOCAL_MACHINE/m)
    .slice(1)
    .flatMap((block) => {
      if (!/\\\d{4}\s*$/m.test(block.split(/\r?\n/)[0] ?? '')) return []
      const name = /^\s+DriverDesc\s+REG_SZ\s+(.+?)\s*$/m.exec(block)?.[1]
      if (name === undefined || /Microsoft (?:Basic|Remote)/i.test(name)) return []
      const size = /^\s+HardwareInformation\.qwMemorySize\s+REG_QWORD\s+(0x[0-9a-f]+)/im.exec(block)?.[1]
      const driver = /^\s+DriverVersion\s+REG_SZ\s+(\S+)/m.exec(block)?.[1]
      return [{ name, driver, memoryBytes: size === undefined ? undefined : Number(size) }]
    })
}

function vendorOf(name: string): Gpu['vendor'] {
  if (/nvidia|geforce|quadro|rtx/i.test(name)) return 'nvidia'
  if (/amd|radeon/i.test(name)) return 'amd'
  return /intel|arc/i.test(name) ? 'intel' : 'unknown'
}

function readCsvLine(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"/g)].map(([, cell = '']) => cell)
}
