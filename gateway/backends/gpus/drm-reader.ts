import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Gpu, GpuReader, GpuVendor } from './gpu.ts'

export interface DrmReaderDependencies {
  /** `/sys/class/drm`, or a copy of it. */
  readonly root?: string
}

const vendors: Readonly<Record<string, GpuVendor>> = { '0x1002': 'amd', '0x8086': 'intel' }
const names: Readonly<Partial<Record<GpuVendor, string>>> = { amd: 'AMD GPU', intel: 'Intel GPU' }

/** An APU's own memory is a small part of the machine's: models live in the rest, which it maps (GTT). */
const largestCarveOut = 8 * 1024 ** 3

/**
 * Linux: AMD and Intel GPUs from sysfs, without any tool (kernel docs gpu/amdgpu/driver-misc). Intel's drivers tell neither
 * memory nor load there: they stay unknown.
 */
export function createDrmReader({ root = '/sys/class/drm' }: DrmReaderDependencies = {}): GpuReader {
  return {
    async read() {
      const cards = (await readdir(root).catch(() => [])).filter((name) => /^card\d+$/.test(name)).sort()
      const gpus = await Promise.all(cards.map((card) => readCard(join(root, card, 'device'))))
      return { gpus: gpus.filter((gpu) => gpu !== undefined), problem: undefined }
    },
    rest: () => undefined,
  }
}

async function readCard(device: string): Promise<Gpu | undefined> {
  const read = (file: string): Promise<string> =>
    readFile(join(device, file), 'utf8').then(
      (text) => text.trim(),
      () => '',
    )
  const vendor = vendors[await read('vendor')]
  if (vendor === undefined) return undefined
  const [vramTotal, vramUsed, gttTotal, gttUsed, busy, product, uevent, driver] = await Promise.all([
    read('mem_info_vram_total'),
    read('mem_info_vram_used'),
    read('mem_info_gtt_total'),
    read('mem_info_gtt_used'),
    read('gpu_busy_percent'),
    read('product_name'),
    read('uevent'),
    readlink(join(device, 'driver')).then(basename, () => undefined),
  ])
  const vram = numberOf(vramTotal)
  const gtt = numberOf(gttTotal)
  const isUnified = vendor === 'amd' && vram !== undefined && gtt !== undefined && vram <= largestCarveOut && gtt > vram
  const used = numberOf(vramUsed)
  const mapped = numberOf(gttUsed)
  return {
    id: /^PCI_SLOT_NAME=(\S+)$/m.exec(uevent)?.[1] ?? device,
    vendor,
    name: product === '' ? (names[vendor] ?? 'GPU') : product,
    driver,
    unified: isUnified,
    memoryTotalBytes: isUnified ? vram + gtt : vram,
    memoryUsedBytes: isUnified ? (used === undefined || mapped === undefined ? undefined : used + mapped) : used,
    memoryOf: vram === undefined ? undefined : 'gpu',
    utilization: numberOf(busy),
    temperature: undefined,
    powerWatts: undefined,
    instances: [],
    processes: [],
  }
}

function numberOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined
}
