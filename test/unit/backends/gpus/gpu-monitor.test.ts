import { expect, it } from 'vitest'
import type { Backend } from '../../../../gateway/backends/backend.ts'
import type { Gpu, GpuReader } from '../../../../gateway/backends/gpus/gpu.ts'
import { createGpuMonitor } from '../../../../gateway/backends/gpus/gpu-monitor.ts'

const card: Gpu = {
  id: 'GPU-1',
  vendor: 'nvidia',
  name: 'RTX 4090',
  driver: undefined,
  unified: false,
  memoryTotalBytes: 24,
  memoryUsedBytes: 20,
  memoryOf: 'gpu',
  utilization: undefined,
  temperature: undefined,
  powerWatts: undefined,
  instances: [],
  processes: [
    { pid: 43, name: 'ollama_runner', memoryBytes: 18 },
    { pid: 99, name: 'game', memoryBytes: undefined },
  ],
}

const server = (name: string, url: string, added = true) => ({ name, url, added }) as Backend

/** Process 42 listens for Ollama and has started 43, which runs the model. */
function scene(readers: readonly Partial<GpuReader>[]) {
  const made = {
    now: 0,
    timers: [] as { readonly ms: number; readonly work: () => void }[],
    reads: 0,
    rests: 0,
    lists: 0,
  }
  const monitor = createGpuMonitor({
    readers: readers.map((reader) => ({
      rest: () => void (made.rests += 1),
      ...reader,
      read: async () => {
        made.reads += 1
        return (await reader.read?.()) ?? { gpus: [], problem: undefined }
      },
    })),
    listeners: {
      cheap: true,
      list: async () => {
        made.lists += 1
        return [{ port: 11_434, host: '127.0.0.1', id: 'inode:1' }]
      },
      processesOf: async () => new Map([['inode:1', { pid: 42, name: 'ollama', ancestors: [] }]]),
    },
    backends: () => [server('ollama', 'http://127.0.0.1:11434'), server('away', 'http://10.0.0.5:8000')],
    tree: async () => new Map([[43, 42]]),
    drmProcesses: async () => new Map([['0000:03:00.0', [{ pid: 43, name: 'ollama', memoryBytes: 7 }]]]),
    schedule: (ms, work) => {
      const timer = { ms, work }
      made.timers.push(timer)
      return () => void (made.timers = made.timers.filter((each) => each !== timer))
    },
    now: () => made.now,
  })
  return { made, monitor }
}

const reads = (...gpus: Gpu[]): Partial<GpuReader> => ({ read: async () => ({ gpus, problem: undefined }) })

it('tells which server a process belongs to, also through its parent, and never guesses', async () => {
  const { monitor } = scene([reads(card)])
  const [gpu] = (await monitor.list()).gpus
  expect(gpu?.processes).toEqual([
    { pid: 43, name: 'ollama_runner', memoryBytes: 18, backend: 'ollama' },
    { pid: 99, name: 'game', memoryBytes: null, backend: null },
  ])
  expect([gpu?.utilization, gpu?.temperature, gpu?.driver]).toEqual([null, null, null])
})

it('takes processes from the kernel where the card’s own tool tells none', async () => {
  const amd: Gpu = { ...card, id: '0000:03:00.0', vendor: 'amd', processes: [] }
  const { monitor } = scene([reads(amd)])
  expect((await monitor.list()).gpus[0]?.processes).toEqual([
    { pid: 43, name: 'ollama', memoryBytes: 7, backend: 'ollama' },
  ])
})

it('a card that two tools tell of is one, as the first knows it; each trouble is told', async () => {
  const troubled: Partial<GpuReader> = { read: async () => ({ gpus: [], problem: 'The driver hangs.' }) }
  const { monitor } = scene([reads(card), reads({ ...card, name: 'unknown card' }), troubled])
  const list = await monitor.list()
  expect(list.gpus.map(({ name }) => name)).toEqual(['RTX 4090'])
  expect(list.problems).toEqual(['The driver hangs.'])
})

it('reads once for all who look within a second, and rests half a minute after the last look', async () => {
  const { monitor, made } = scene([reads(card)])
  await Promise.all([monitor.list(), monitor.list()])
  await monitor.list()
  expect([made.reads, made.timers.map(({ ms }) => ms)]).toEqual([1, [30_000]])
  made.now = 1_000
  await monitor.list()
  expect(made.reads).toBe(2)
  made.timers[0]?.work()
  expect(made.rests).toBe(1)
  monitor.close()
  expect(made.timers).toEqual([])
})

it('asks nobody for owners where there is no GPU', async () => {
  const { monitor, made } = scene([reads()])
  expect(await monitor.list()).toEqual({ gpus: [], problems: [] })
  expect(made.lists).toBe(0)
})
