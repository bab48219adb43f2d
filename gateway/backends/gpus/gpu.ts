export type GpuVendor = 'nvidia' | 'amd' | 'intel' | 'apple' | 'unknown'

/** A process on a GPU, as the system tells it. */
export interface GpuProcess {
  readonly pid: number
  /** Its program's name without path; '' = not told. */
  readonly name: string
  /** Undefined = not told. */
  readonly memoryBytes: number | undefined
}

/** One GPU at one moment. Whatever its tool does not tell is undefined: nothing is made up. */
export interface Gpu {
  /** Stable while the machine runs: UUID, PCI address or LUID. */
  readonly id: string
  readonly vendor: GpuVendor
  readonly name: string
  readonly driver: string | undefined
  /** True when it has no memory of its own but shares the machine's. */
  readonly unified: boolean
  readonly memoryTotalBytes: number | undefined
  readonly memoryUsedBytes: number | undefined
  /** Whose memory the two numbers tell of. */
  readonly memoryOf: 'gpu' | 'system' | undefined
  /** 0–100. */
  readonly utilization: number | undefined
  /** Degrees Celsius. */
  readonly temperature: number | undefined
  readonly powerWatts: number | undefined
  /** Profiles of the instances that it is divided into (MIG): `1g.10gb`. */
  readonly instances: readonly string[]
  readonly processes: readonly GpuProcess[]
}

/** What reading GPUs came to. `problem`: one sentence for people; undefined = none. */
export interface GpuReading {
  readonly gpus: readonly Gpu[]
  readonly problem: string | undefined
}

/** One way to read GPUs. Never rejects, always ends within seconds. */
export interface GpuReader {
  read(): Promise<GpuReading>
  /** Ends whatever runs beside the reads. */
  rest(): void
}

export const noGpus: GpuReading = { gpus: [], problem: undefined }

export const mebibyte = 1024 * 1024
