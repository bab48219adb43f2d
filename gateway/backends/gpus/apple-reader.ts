import { type Gpu, type GpuReader, noGpus } from './gpu.ts'
import { type RunTool, runTool } from './run-tool.ts'

/** macOS on Apple silicon: one pool of memory for all. No password is needed; who uses how much of it is not told. */
export function createAppleReader(totalBytes: () => number, run: RunTool = runTool): GpuReader {
  return {
    async read() {
      const [registry, limit] = await Promise.all([
        run('ioreg', ['-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator']),
        run('sysctl', ['-n', 'iogpu.wired_limit_mb']),
      ])
      if (registry.end === 'missing') return noGpus
      if (registry.end !== 'done') return { ...noGpus, problem: 'ioreg does not answer: nothing is known of the GPU.' }
      return { gpus: readAccelerators(registry.text, totalBytes(), limit.text), problem: undefined }
    },
    rest: () => undefined,
  }
}

/**
 * Reads the text of `ioreg -r -d 1 -w 0 -c IOAccelerator`. `limitText`: `iogpu.wired_limit_mb`; 0 = the system's own limit,
 * which is not told: the total is the machine's memory then. Pure.
 */
export function readAccelerators(text: string, totalBytes: number, limitText: string): Gpu[] {
  return text
    .split(/^\+-o /m)
    .slice(1)
    .flatMap((block, index) => {
      const name = /"model" = "([^"]+)"/.exec(block)?.[1]
      const statistics = /"PerformanceStatistics" = \{([^}]*)\}/.exec(block)?.[1]
      if (name === undefined && statistics === undefined) return []
      const number = (key: string): number | undefined => {
        const found = new RegExp(`"${key}"=(\\d+)`).exec(statistics ?? '')?.[1]
        return found === undefined ? undefined : Number(found)
      }
      const cores = /"gpu-core-count" = (\d+)/.exec(block)?.[1]
      const limit = Number(limitText.trim()) * 1024 * 1024
      return [
        {
          id: `apple-${index}`,
          vendor: 'apple' as const,
          name: `${name ?? 'Apple GPU'}${cores === undefined ? '' : ` (${cores} cores)`}`,
          driver: undefined,
          unified: true,
          memoryTotalBytes: limit > 0 ? limit : totalBytes,
          memoryUsedBytes: number('In use system memory'),
          memoryOf: 'system' as const,
          utilization: number('Device Utilization %'),
          temperature: undefined,
          powerWatts: undefined,
          instances: [],
          processes: [],
        },
      ]
    })
}
