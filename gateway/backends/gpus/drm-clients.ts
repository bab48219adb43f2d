import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GpuProcess } from './gpu.ts'

/** What one open file of a GPU says of itself (kernel docs gpu/drm-usage-stats). */
export interface DrmClient {
  readonly device: string
  readonly client: string
  /** Bytes that are resident in any of the GPU's memories; undefined = not told. */
  readonly memoryBytes: number | undefined
}

/** Reads `/proc/<pid>/fdinfo/<fd>`; undefined for a file that is none of a GPU. Pure. */
export function readDrmClient(text: string): DrmClient | undefined {
  const field = (name: string): string | undefined => new RegExp(`^${name}:\\s*(\\S.*)$`, 'm').exec(text)?.[1]?.trim()
  const device = field('drm-pdev')
  const client = field('drm-client-id')
  if (device === undefined || client === undefined) return undefined
  const resident = sizes(text, /^drm-resident-(?!system)[\w-]+:\s*(\d+)\s*(KiB|MiB)?$/gm)
  const older = sizes(text, /^drm-memory-(?!cpu)[\w-]+:\s*(\d+)\s*(KiB|MiB)?$/gm)
  return { device, client, memoryBytes: resident ?? older }
}

/** GPU memory of these processes, by PCI address of the GPU. Files of other users' processes cannot be read and are left out. */
export async function readDrmProcesses(pids: readonly number[], root = '/proc'): Promise<Map<string, GpuProcess[]>> {
  const byDevice = new Map<string, GpuProcess[]>()
  for (const pid of pids) {
    const folder = join(root, String(pid), 'fdinfo')
    const texts = await Promise.all(
      (await readdir(folder).catch(() => [])).map((file) => readFile(join(folder, file), 'utf8').catch(() => '')),
    )
    // A client that is open twice is one client.
    const clients = new Map<string, DrmClient>()
    for (const client of texts.map(readDrmClient)) if (client) clients.set(`${client.device} ${client.client}`, client)
    const name = (await readFile(join(root, String(pid), 'comm'), 'utf8').catch(() => '')).trim()
    for (const [device, list] of Map.groupBy(clients.values(), (client) => client.device)) {
      const told = list.flatMap(({ memoryBytes }) => (memoryBytes === undefined ? [] : [memoryBytes]))
      const memoryBytes = told.length === 0 ? undefined : told.reduce((sum, bytes) => sum + bytes, 0)
      byDevice.set(device, [...(byDevice.get(device) ?? []), { pid, name, memoryBytes }])
    }
  }
  return byDevice
}

function sizes(text: string, pattern: RegExp): number | undefined {
  const found = [...text.matchAll(pattern)]
  if (found.length === 0) return undefined
  const unit = (name: string | undefined): number => (name === 'MiB' ? 1024 ** 2 : name === 'KiB' ? 1024 : 1)
  return found.reduce((sum, [, number, name]) => sum + Number(number) * unit(name), 0)
}
