import { freemem, totalmem } from 'node:os'
import { createAppleReader } from './apple-reader.ts'
import { createDrmReader } from './drm-reader.ts'
import type { GpuReader } from './gpu.ts'
import { createNvidiaReader } from './nvidia-reader.ts'
import type { SystemMemory } from './nvidia-output.ts'
import { createWindowsReader } from './windows-reader.ts'

/** The readers of this system, best first. */
export function openGpuReaders(platform: NodeJS.Platform): readonly GpuReader[] {
  const nvidia = createNvidiaReader({ systemMemory, now: Date.now })
  if (platform === 'darwin') return [createAppleReader(totalmem)]
  if (platform === 'win32') return [nvidia, createWindowsReader()]
  return platform === 'linux' ? [nvidia, createDrmReader()] : [nvidia]
}

/** What can be had without swapping counts as free. */
function systemMemory(): SystemMemory {
  const totalBytes = totalmem()
  return { totalBytes, usedBytes: totalBytes - (process.availableMemory?.() ?? freemem()) }
}
