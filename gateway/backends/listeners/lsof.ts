import type { Listener, ListenerProcess } from './listener.ts'

export interface ProcessTable {
  readonly listeners: readonly Listener[]
  readonly processes: ReadonlyMap<string, ListenerProcess>
}

/**
 * Reads `lsof -nP -iTCP -sTCP:LISTEN -F pRcn` (lsof(8), OUTPUT FOR OTHER PROGRAMS): one field per line, its first letter
 * says which; a process comes before its files.
 */
export function readLsof(text: string): ProcessTable {
  const listeners: Listener[] = []
  const processes = new Map<string, ListenerProcess>()
  const parents = new Map<number, number>()
  let pid = 0
  let name = ''
  for (const line of text.split('\n')) {
    const value = line.slice(1)
    if (line.startsWith('p')) pid = Number(value)
    else if (line.startsWith('R')) parents.set(pid, Number(value))
    else if (line.startsWith('c')) name = value
    else if (line.startsWith('n')) {
      const listener = listenerAt(value, pid)
      if (listener === undefined) continue
      listeners.push(listener)
      processes.set(listener.id, { pid, name, ancestors: [] })
    }
  }
  const withParents = [...processes].map(([id, process]): [string, ListenerProcess] => {
    const parent = parents.get(process.pid)
    return [id, { ...process, ancestors: parent === undefined || parent <= 1 ? [] : [parent] }]
  })
  return { listeners, processes: new Map(withParents) }
}

/** `*:11434`, `127.0.0.1:1234`, `[::1]:8080`. */
function listenerAt(place: string, pid: number): Listener | undefined {
  const colon = place.lastIndexOf(':')
  const address = place.slice(0, colon)
  const port = Number(place.slice(colon + 1))
  const host = address === '[::1]' ? '[::1]' : '127.0.0.1'
  const reachable = address === '*' || address === '[::1]' || address === '[::]' || address.startsWith('127.')
  return reachable && port > 0 ? { port, host, id: `${pid}:${port}` } : undefined
}
