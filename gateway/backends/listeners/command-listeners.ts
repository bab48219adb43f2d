import { execFile } from 'node:child_process'
import { type ListenerSource, onePerPort } from './listener.ts'
import { type ProcessTable, readLsof } from './lsof.ts'
import { readNetstat } from './netstat.ts'

/** Runs a program and gives what it printed; empty when it is not there or takes longer than 5 s. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>

const longestRunMs = 5_000
const mostOutput = 4 * 1024 * 1024

export const runProgram: RunProgram = (program, args) => {
  const { promise, resolve } = Promise.withResolvers<string>()
  execFile(program, [...args], { timeout: longestRunMs, maxBuffer: mostOutput, windowsHide: true }, (_error, output) =>
    resolve(output),
  )
  return promise
}

/** macOS: one `lsof` gives sockets and processes. */
export function createMacListeners(run: RunProgram = runProgram): ListenerSource {
  return fromTable(async () => readLsof(await run('lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '-F', 'pRcn'])))
}

/** Windows: `netstat` gives the sockets with process ids, `tasklist` their names. */
export function createWindowsListeners(run: RunProgram = runProgram): ListenerSource {
  return fromTable(async () => {
    const [sockets, tasks] = await Promise.all([
      run('netstat', ['-ano', '-p', 'TCP']),
      run('tasklist', ['/fo', 'csv', '/nh']),
    ])
    return readNetstat(sockets, tasks)
  })
}

function fromTable(read: () => Promise<ProcessTable>): ListenerSource {
  let last: ProcessTable = { listeners: [], processes: new Map() }
  return {
    cheap: false,
    async list() {
      last = await read()
      return onePerPort(last.listeners)
    },
    processesOf: () => Promise.resolve(last.processes),
  }
}
