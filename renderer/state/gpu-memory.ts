import type { GpuView } from '../contract.ts'

export interface MemoryPart {
  readonly name: string
  readonly bytes: number
  /** Of the whole memory, 0 to 1. */
  readonly share: number
}

const mostNamed = 3

/**
 * The memory of a GPU by process, biggest first; what is used and nobody is named for, and what is too little to be
 * named, comes last as `other`. Empty where the driver tells too little.
 */
export function memoryParts(gpu: GpuView, other: string): readonly MemoryPart[] {
  const { memoryTotalBytes: total, memoryUsedBytes: used } = gpu
  if (total === null || used === null || total <= 0) return []
  const named = gpu.processes
    .flatMap(({ backend, name, memoryBytes }) =>
      memoryBytes === null ? [] : [{ name: backend ?? name, bytes: memoryBytes }],
    )
    .toSorted((one, two) => two.bytes - one.bytes)
    .slice(0, mostNamed)
  const rest = used - named.reduce((sum, { bytes }) => sum + bytes, 0)
  const parts = rest > 0 ? [...named, { name: other, bytes: rest }] : named
  return parts.map((part) => ({ ...part, share: Math.min(1, part.bytes / total) }))
}
