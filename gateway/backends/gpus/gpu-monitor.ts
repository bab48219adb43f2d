import type { GpuList, GpuView } from '../../contract/gpus.ts'
import type { Backend } from '../backend.ts'
import type { ListenerSource } from '../listeners/listener.ts'
import { isLoopbackHost } from '../network/private-address.ts'
import { portOf } from '../network/watched-hosts.ts'
import type { Gpu, GpuProcess, GpuReader } from './gpu.ts'
import { ownerOf, type ProcessTree, withDescendants } from './processes.ts'

export interface GpuMonitorDependencies {
  readonly readers: readonly GpuReader[]
  readonly listeners: ListenerSource | undefined
  readonly backends: () => readonly Backend[]
  readonly tree: () => Promise<ProcessTree>
  /** GPU memory of processes by PCI address, where the kernel tells it. */
  readonly drmProcesses: (pids: readonly number[]) => Promise<ReadonlyMap<string, readonly GpuProcess[]>>
  /** Must not keep the process alive. */
  readonly schedule: (ms: number, work: () => void) => () => void
  /** ms since the epoch. */
  readonly now: () => number
}

/** Reads this machine's GPUs for whoever looks; nothing runs while nobody does. */
export interface GpuMonitor {
  /** Never rejects. Looks at the same moment share one reading. */
  list(): Promise<GpuList>
  close(): void
}

const restAfterMs = 30_000
/** A reading this fresh serves everybody. */
const freshMs = 1_000

export function createGpuMonitor(dependencies: GpuMonitorDependencies): GpuMonitor {
  const { readers, schedule, now } = dependencies
  let running: Promise<GpuList> | undefined
  let last: { readonly at: number; readonly list: GpuList } | undefined
  let callOff: () => void = () => undefined
  const rest = (): void => {
    for (const reader of readers) reader.rest()
  }
  const read = async (): Promise<GpuList> => {
    const readings = await Promise.all(readers.map((reader) => reader.read()))
    const gpus = onceEach(readings.flatMap((reading) => reading.gpus))
    const list = {
      gpus: await withOwners(gpus, dependencies),
      problems: readings.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
    }
    last = { at: now(), list }
    return list
  }
  return {
    list() {
      callOff()
      callOff = schedule(restAfterMs, rest)
      if (last !== undefined && now() - last.at < freshMs) return Promise.resolve(last.list)
      running ??= read().finally(() => {
        running = undefined
      })
      return running
    },
    close() {
      callOff()
      rest()
    },
  }
}

/** One GPU told of by two tools is one: the first reader knows it better. */
function onceEach(gpus: readonly Gpu[]): readonly Gpu[] {
  return [...new Map(gpus.toReversed().map((gpu) => [gpu.id, gpu])).values()].toReversed()
}

async function withOwners(gpus: readonly Gpu[], dependencies: GpuMonitorDependencies): Promise<GpuView[]> {
  if (gpus.length === 0) return []
  const [owners, tree] = await Promise.all([ownersOf(dependencies), dependencies.tree()])
  const told = await dependencies.drmProcesses(withDescendants(owners.keys(), tree))
  return gpus.map((gpu) => {
    const processes = gpu.processes.length > 0 ? gpu.processes : (told.get(gpu.id) ?? [])
    return gpuView(gpu, processes, (pid) => ownerOf(pid, owners, tree))
  })
}

/** Names of local servers by the process that listens for them. */
async function ownersOf({ listeners, backends }: GpuMonitorDependencies): Promise<Map<number, string>> {
  const local = new Map(
    backends().flatMap(({ name, url, added }): [number, string][] => {
      const place = URL.parse(url)
      return place !== null && added && isLoopbackHost(place.hostname) ? [[portOf(place), name]] : []
    }),
  )
  if (listeners === undefined || local.size === 0) return new Map()
  const all = await listeners.list()
  const wanted = all.filter(({ port }) => local.has(port))
  const processes = await listeners.processesOf(wanted)
  return new Map(
    wanted.flatMap(({ id, port }): [number, string][] => {
      const process = processes.get(id)
      const name = local.get(port)
      return process === undefined || name === undefined ? [] : [[process.pid, name]]
    }),
  )
}

function gpuView(gpu: Gpu, processes: readonly GpuProcess[], owner: (pid: number) => string | undefined): GpuView {
  return {
    id: gpu.id,
    vendor: gpu.vendor,
    name: gpu.name,
    driver: gpu.driver ?? null,
    unified: gpu.unified,
    memoryTotalBytes: gpu.memoryTotalBytes ?? null,
    memoryUsedBytes: gpu.memoryUsedBytes ?? null,
    memoryOf: gpu.memoryOf ?? null,
    utilization: gpu.utilization ?? null,
    temperature: gpu.temperature ?? null,
    powerWatts: gpu.powerWatts ?? null,
    instances: [...gpu.instances],
    processes: processes.map(({ pid, name, memoryBytes }) => ({
      pid,
      name,
      memoryBytes: memoryBytes ?? null,
      backend: owner(pid) ?? null,
    })),
  }
}
