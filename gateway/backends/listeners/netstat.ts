import type { Listener, ListenerProcess } from './listener.ts'
import type { ProcessTable } from './lsof.ts'

/**
 * Reads `netstat -ano -p TCP` and `tasklist /fo csv /nh` of Windows. The words of both are translated with the system, so
 * only columns are counted on: a line whose remote port is 0 listens.
 */
export function readNetstat(sockets: string, tasks: string): ProcessTable {
  const names = taskNames(tasks)
  const listeners: Listener[] = []
  const processes = new Map<string, ListenerProcess>()
  for (const line of sockets.split(/\r?\n/)) {
    const columns = line.trim().split(/\s+/)
    const [protocol = '', local = '', remote = ''] = columns
    if (!/^TCP/i.test(protocol) || !remote.endsWith(':0')) continue
    const pid = Number(columns.at(-1))
    const colon = local.lastIndexOf(':')
    const address = local.slice(0, colon)
    const port = Number(local.slice(colon + 1))
    if (!(port > 0) || !isReachable(address)) continue
    const listener = { port, host: address === '[::1]' ? '[::1]' : '127.0.0.1', id: `${pid}:${port}` }
    listeners.push(listener)
    const name = names.get(pid)
    if (name !== undefined) processes.set(listener.id, { pid, name, ancestors: [] })
  }
  return { listeners, processes }
}

function isReachable(address: string): boolean {
  return address === '0.0.0.0' || address === '[::]' || address === '[::1]' || address.startsWith('127.')
}

/** `"ollama.exe","4321","Console","1","80,000 K"`. */
function taskNames(tasks: string): ReadonlyMap<number, string> {
  const rows = tasks.split(/\r?\n/).map((line) => /^"([^"]*)","(\d+)"/.exec(line))
  return new Map(rows.flatMap((row) => (row === null ? [] : [[Number(row[2]), (row[1] ?? '').replace(/\.exe$/i, '')]])))
}
