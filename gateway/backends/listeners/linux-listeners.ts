import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Listener, type ListenerProcess, type ListenerSource, onePerPort } from './listener.ts'
import { processName, readParent, readSocketTable } from './proc-net.ts'

/** How far up a process' parents are followed. */
const mostAncestors = 5

/** Linux: two reads for the sockets, one look through the open files of this user's processes for who holds new ones. */
export function createLinuxListeners(root = '/proc'): ListenerSource {
  const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8').catch(() => '')
  return {
    cheap: true,
    async list() {
      const tables = await Promise.all(['net/tcp', 'net/tcp6'].map(read))
      return onePerPort(tables.flatMap(readSocketTable))
    },
    async processesOf(listeners) {
      const wanted = new Map(listeners.map(({ id }) => [`socket:[${id.slice('inode:'.length)}]`, id]))
      const holders = new Map<string, ListenerProcess>()
      for (const pid of await processIds(root)) {
        if (holders.size === wanted.size) break
        for (const id of await heldBy(root, pid, wanted)) holders.set(id, await describe(pid, read))
      }
      return holders
    },
  }
}

async function processIds(root: string): Promise<number[]> {
  const names = await readdir(root).catch(() => [])
  return names.filter((name) => /^\d+$/.test(name)).map(Number)
}

/** The wanted sockets among a process' open files; none for a process that may not be looked at. */
async function heldBy(root: string, pid: number, wanted: ReadonlyMap<string, Listener['id']>): Promise<string[]> {
  const folder = join(root, String(pid), 'fd')
  const files = await readdir(folder).catch(() => [])
  const targets = await Promise.all(files.map((file) => readlink(join(folder, file)).catch(() => '')))
  return targets.flatMap((target) => wanted.get(target) ?? [])
}

async function describe(pid: number, read: (path: string) => Promise<string>): Promise<ListenerProcess> {
  const [comm, commandLine] = await Promise.all([read(`${pid}/comm`), read(`${pid}/cmdline`)])
  const ancestors: number[] = []
  for (let child = pid; ancestors.length < mostAncestors; ) {
    const parent = readParent(await read(`${child}/stat`))
    if (parent === undefined || parent === 1) break
    ancestors.push(parent)
    child = parent
  }
  return { pid, name: processName(comm, commandLine), ancestors }
}
