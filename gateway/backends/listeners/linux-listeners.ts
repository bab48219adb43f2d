import { closeSync, openSync, readSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Listener, type ListenerProcess, type ListenerSource, onePerPort } from './listener.ts'
import { isListening, processName, readParent, readSocketTable } from './proc-net.ts'

/** How far up a process' parents are followed. */
const mostAncestors = 5

/** Linux: two reads for the sockets, one look through the open files of this user's processes for who holds new ones. */
export function createLinuxListeners(root = '/proc'): ListenerSource {
  const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8').catch(() => '')
  return {
    cheap: true,
    list() {
      const heads = ['net/tcp', 'net/tcp6'].map((path) => readListening(join(root, path)))
      return Promise.resolve(onePerPort(heads.flatMap(readSocketTable)))
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

const page = Buffer.alloc(4096)

/**
 * The head of a socket table: the kernel lists what listens before all else (net/ipv4/tcp_ipv4.c, `tcp_get_idx`), so reading
 * ends with the first page that holds something else, however many connections there are. Read at once, because this is
 * memory: by way of the thread pool it takes four times the CPU and wakes other threads.
 */
function readListening(path: string): string {
  let file: number | undefined
  let text = ''
  try {
    file = openSync(path, 'r')
    for (;;) {
      const bytes = readSync(file, page)
      text += page.toString('latin1', 0, bytes)
      if (bytes === 0 || !isListening(lastWholeLine(text))) return text
    }
  } catch {
    return text
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function lastWholeLine(text: string): string {
  const end = text.lastIndexOf('\n')
  return text.slice(text.lastIndexOf('\n', end - 1) + 1, end)
}

async function processIds(root: string): Promise<number[]> {
  const names = await readdir(root).catch(() => [])
  // Who has just begun to listen has mostly just begun to run.
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((one, other) => other - one)
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
