import type { Gpu, GpuProcess, GpuReader, GpuReading } from './gpu.ts'
import { noGpus } from './gpu.ts'
import {
  nvidiaFields,
  nvidiaProblem,
  readMigInstances,
  readNvidiaLine,
  readNvidiaProcesses,
  type SystemMemory,
} from './nvidia-output.ts'
import { type LongTool, type RunTool, runTool, type StartTool, startTool, type ToolOutput } from './run-tool.ts'

export interface NvidiaReaderDependencies {
  readonly run?: RunTool
  readonly start?: StartTool
  /** The program's path. */
  readonly command?: string
  readonly systemMemory: () => SystemMemory
  /** ms since the epoch. */
  readonly now: () => number
}

const everySeconds = 2
/** A row that was not repeated for so long is of a GPU that is gone. */
const staleMs = 3 * everySeconds * 1_000
const firstRowMs = 3_500
const otherRowsMs = 60
const appsFreshMs = 4_000
/** After a failure the tool is left alone: a broken driver is not cured by asking. */
const pauseMs = 60_000

export function createNvidiaReader(dependencies: NvidiaReaderDependencies): GpuReader {
  return new NvidiaReader(dependencies)
}

/** Keeps one `nvidia-smi -l` while somebody looks: starting it anew for each look costs more than it tells. */
class NvidiaReader implements GpuReader {
  readonly #dependencies: NvidiaReaderDependencies
  readonly #rows = new Map<string, { readonly gpu: Gpu; readonly at: number }>()
  #tool: LongTool | undefined
  #firstRow: PromiseWithResolvers<void> | undefined
  #problem: string | undefined
  #askAgainAt = -Infinity
  #apps: ReadonlyMap<string, readonly GpuProcess[]> = new Map()
  #appsAt = -Infinity
  #instances: ReadonlyMap<string, readonly string[]> | undefined

  constructor(dependencies: NvidiaReaderDependencies) {
    this.#dependencies = dependencies
  }

  async read(): Promise<GpuReading> {
    const { now } = this.#dependencies
    if (now() < this.#askAgainAt) return { ...noGpus, problem: this.#problem }
    if (this.#tool === undefined) this.#begin()
    await this.#firstRow?.promise
    const gpus = [...this.#rows.values()].filter(({ at }) => now() - at < staleMs).map(({ gpu }) => gpu)
    if (gpus.length === 0) {
      // It runs and has fallen silent.
      if (this.#tool !== undefined) this.#gaveUp({ text: '', end: 'hung' })
      return { ...noGpus, problem: this.#problem }
    }
    await Promise.all([this.#readApps(), this.#readInstances(gpus)])
    return {
      gpus: gpus.map((gpu) => ({
        ...gpu,
        instances: this.#instances?.get(gpu.id) ?? gpu.instances,
        processes: this.#apps.get(gpu.id) ?? [],
      })),
      problem: undefined,
    }
  }

  rest(): void {
    this.#tool?.stop()
    this.#tool = undefined
    this.#rows.clear()
    this.#firstRow?.resolve()
    this.#firstRow = undefined
  }

  #begin(): void {
    const { start = startTool, command = 'nvidia-smi', systemMemory, now } = this.#dependencies
    const firstRow = Promise.withResolvers<void>()
    this.#firstRow = firstRow
    const hung = setTimeout(() => this.#gaveUp({ text: '', end: 'hung' }), firstRowMs)
    hung.unref()
    void firstRow.promise.then(() => clearTimeout(hung))
    const query = [`--query-gpu=${nvidiaFields.join(',')}`, '--format=csv,noheader,nounits', '-l', `${everySeconds}`]
    this.#tool = start(
      command,
      query,
      (line) => {
        const gpu = readNvidiaLine(line, systemMemory())
        if (gpu === undefined) return
        this.#rows.set(gpu.id, { gpu, at: now() })
        // The rows of the other GPUs come with it, or right behind.
        setTimeout(() => firstRow.resolve(), otherRowsMs)
      },
      (end) => this.#gaveUp(end),
    )
  }

  #gaveUp({ text, end }: ToolOutput): void {
    this.#problem =
      end === 'missing' ? undefined : (nvidiaProblem(text) ?? (end === 'hung' ? hungSentence : failedSentence))
    this.#askAgainAt = this.#dependencies.now() + pauseMs
    this.rest()
  }

  async #readApps(): Promise<void> {
    const { run = runTool, command = 'nvidia-smi', now } = this.#dependencies
    if (now() - this.#appsAt < appsFreshMs) return
    this.#appsAt = now()
    const query = ['--query-compute-apps=gpu_uuid,pid,used_gpu_memory,process_name', '--format=csv,noheader,nounits']
    const { text, end } = await run(command, query)
    this.#apps = end === 'done' ? readNvidiaProcesses(text) : new Map()
  }

  async #readInstances(gpus: readonly Gpu[]): Promise<void> {
    const { run = runTool, command = 'nvidia-smi' } = this.#dependencies
    if (this.#instances !== undefined || !gpus.some(({ instances }) => instances.length > 0)) return
    const { text, end } = await run(command, ['-L'])
    if (end === 'done') this.#instances = readMigInstances(text)
  }
}

const hungSentence = 'nvidia-smi does not answer: the driver may hang; restart the machine if other programs hang, too.'
const failedSentence = 'nvidia-smi failed: nothing is known of the NVIDIA GPU.'
