import { readdirSync, readFileSync } from 'node:fs'

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

export interface Activity {
  readonly cpuMs: number
  /** How often a thread of it went from waiting to running. */
  readonly wakeUps: number
}

/**
 * What the threads that a process has now did so far, to the nanosecond (Documentation/scheduler/sched-stats.rst; waits are
 * the voluntary switches of proc_pid_status(5)); undefined where there is no /proc or the process has ended.
 */
export function processActivity(pid: number): Activity | undefined {
  const threads = listThreads(pid)
  if (threads.length === 0) return undefined
  const sums = { cpuMs: 0, wakeUps: 0 }
  for (const thread of threads) {
    sums.cpuMs += Number(readProc(pid, `task/${thread}/schedstat`)?.split(' ')[0] ?? 0) / 1e6
    const waits = /^voluntary_ctxt_switches:\s+(\d+)$/m.exec(readProc(pid, `task/${thread}/status`) ?? '')
    sums.wakeUps += Number(waits?.[1] ?? 0)
  }
  return sums
}

function listThreads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
