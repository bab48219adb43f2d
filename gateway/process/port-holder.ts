import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import { listeningInodes, nameProcess, readLsof, readNetstat, readTasklist } from './port-holder-parsers.ts'

export interface PortHolder {
  readonly pid: number
  readonly name: string
}

const run = promisify(execFile)
const deadlineMs = 2_000

/**
 * Finds out who listens on a TCP port of this machine: best effort, at most a few seconds, undefined when the system does
 * not tell (the process of another user, a container's port, a tool that is not there).
 */
export async function findPortHolder(port: number): Promise<PortHolder | undefined> {
  try {
    if (process.platform === 'linux') return await findOnLinux(port)
    if (process.platform === 'win32') return await findOnWindows(port)
    const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { timeout: deadlineMs })
    return readLsof(stdout)
  } catch {
    return undefined
  }
}

async function findOnLinux(port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  )
  const links = new Set(tables.flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`))
  if (links.size === 0) return undefined
  for (const entry of await readdir('/proc')) {
    if (/^\d+$/.test(entry) && (await holdsSocket(entry, links))) {
      const [comm, commandLine] = await Promise.all(
        ['comm', 'cmdline'].map((file) => readFile(`/proc/${entry}/${file}`, 'utf8').catch(() => '')),
      )
      return { pid: Number(entry), name: nameProcess(comm ?? '', commandLine ?? '') || 'unknown' }
    }
  }
  return undefined
}

/** False also for processes whose descriptors may not be read. */
async function holdsSocket(pid: string, links: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`
  const descriptors = await readdir(folder).catch(() => [])
  const targets = await Promise.all(descriptors.map((name) => readlink(`${folder}/${name}`).catch(() => '')))
  return targets.some((target) => links.has(target))
}

async function findOnWindows(port: number): Promise<PortHolder | undefined> {
  const sockets = await run('netstat', ['-ano', '-p', 'TCP'], { timeout: deadlineMs })
  const pid = readNetstat(sockets.stdout, port)
  if (pid === undefined) return undefined
  const tasks = await run('tasklist', ['/FO', 'CSV', '/NH', '/FI', `PID eq ${pid}`], { timeout: deadlineMs })
  return { pid, name: readTasklist(tasks.stdout) ?? 'unknown' }
}

/** The sentences for exit code 3. `isGateway` when the holder is another Signalbox; `nextFree`: a port to offer. */
export function portTakenSentence(
  port: number,
  holder: PortHolder | undefined,
  isGateway: boolean,
  nextFree?: number,
): string {
  const offer = nextFree === undefined ? '' : ` ${nextFree} is free.`
  return `${portHolderSentence(port, holder, isGateway)} ${portRemedy}${offer}`
}

export function portHolderSentence(port: number, holder: PortHolder | undefined, isGateway: boolean): string {
  const by = holder === undefined ? 'another program' : `${holder.name} (process ${holder.pid})`
  return `Port ${port} is held by ${isGateway ? `${by}, which is a Signalbox gateway` : by}.`
}

export const portRemedy = 'Stop it, or choose another port with --port or `signalbox.port` in the config.'
