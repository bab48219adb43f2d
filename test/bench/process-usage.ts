import { readFileSync } from 'node:fs'

/** Kernel ticks per second in /proc: 100 on every Linux that Node supports. */
const ticksPerSecond = 100

/** CPU time a process has used so far, in µs; undefined where there is no /proc. Resolution 10 ms. */
export function cpuMicroseconds(pid: number): number | undefined {
  const text = readProc(pid, 'stat')
  if (text === undefined) return undefined
  // The name in parentheses may hold spaces; utime and stime are the 12th and 13th field after it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / ticksPerSecond
}

/** Resident memory of a process in MB; undefined where there is no /proc. */
export function residentMegabytes(pid: number): number | undefined {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status') ?? '')
  return line === null ? undefined : Math.round(Number(line[1]) / 1024)
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
