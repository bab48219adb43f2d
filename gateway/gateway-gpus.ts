import type { Backend } from './backends/backend.ts'
import { readDrmProcesses } from './backends/gpus/drm-clients.ts'
import { createGpuMonitor } from './backends/gpus/gpu-monitor.ts'
import { openGpuReaders } from './backends/gpus/open-gpus.ts'
import { readProcessTree } from './backends/gpus/processes.ts'
import { openListeners } from './backends/listeners/open-listeners.ts'
import type { GpuList } from './contract/gpus.ts'

/** This machine's GPUs for whoever asks; nothing is read before. */
export function openGatewayGpus(
  backends: () => readonly Backend[],
  opened: AsyncDisposableStack,
): () => Promise<GpuList> {
  const monitor = createGpuMonitor({
    readers: openGpuReaders(process.platform),
    listeners: openListeners(process.platform),
    backends,
    tree: () => (process.platform === 'linux' ? readProcessTree() : Promise.resolve(new Map<number, number>())),
    drmProcesses: (pids) => (process.platform === 'linux' ? readDrmProcesses(pids) : Promise.resolve(new Map())),
    schedule: (ms, work) => {
      const timer = setTimeout(work, ms).unref()
      return () => clearTimeout(timer)
    },
    now: Date.now,
  })
  opened.defer(() => monitor.close())
  return () => monitor.list()
}
