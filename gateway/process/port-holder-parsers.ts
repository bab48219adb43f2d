/** Pure readers of what systems say about listening sockets. Each gives undefined when the text does not tell. */

/** TCP_LISTEN in /proc/net/tcp, see proc_net_tcp(5). */
const listening = '0A'

/**
 * Socket inodes that listen on a port, from the text of `/proc/net/tcp` or `/proc/net/tcp6`. Columns: number,
 * local address `HEX:PORT`, remote address, state, queues, timers, retransmits, uid, timeout, inode.
 */
export function listeningInodes(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.split(':')[1] === wanted && columns[3] === listening)
    .flatMap((columns) => (columns[9] === undefined || columns[9] === '0' ? [] : [columns[9]]))
}

/** The process id and name from `lsof -nP -iTCP:<port> -sTCP:LISTEN -Fpc`: lines `p<id>` and `c<name>`. */
export function readLsof(output: string): { pid: number; name: string } | undefined {
  const pid = /^p(\d+)$/m.exec(output)?.[1]
  if (pid === undefined) return undefined
  return { pid: Number(pid), name: /^c(.+)$/m.exec(output)?.[1] ?? 'unknown' }
}

/** The process id from `netstat -ano -p TCP`: `TCP  127.0.0.1:4000  0.0.0.0:0  LISTENING  2210` (the word is translated, so the null remote port tells). */
export function readNetstat(output: string, port: number): number | undefined {
  for (const line of output.split('\n')) {
    const [protocol, local, remote, , pid] = line.trim().split(/\s+/)
    const isListening = protocol?.startsWith('TCP') === true && remote?.endsWith(':0') === true
    if (isListening && local?.endsWith(`:${port}`) === true && /^\d+$/.test(pid ?? '')) return Number(pid)
  }
  return undefined
}

/** The image name from `tasklist /FO CSV /NH /FI "PID eq <id>"`: `"node.exe","2210","Console","1","50,000 K"`. */
export function readTasklist(output: string): string | undefined {
  return /^"([^"]+)","\d+"/m.exec(output)?.[1]
}

const interpreters = /^(?:node|nodejs|bun|deno|python[\d.]*|ruby|perl|java|MainThread)$/

/**
 * What a person would call a Linux process, from `/proc/<id>/comm` and `/proc/<id>/cmdline` (words ended by NUL). Node 24
 * names its main thread `MainThread`, which is what comm then says; an interpreter is named with the script it runs. No
 * other argument gets in: it could be a key.
 */
export function nameProcess(comm: string, commandLine: string): string {
  const name = comm.trim()
  if (!interpreters.test(name)) return name
  const [program = '', ...rest] = commandLine.split('\0').filter((word) => word !== '')
  const shortProgram = lastSegment(program.split(' ')[0] ?? '')
  if (shortProgram === '') return name
  const script = rest.find((word) => !word.startsWith('-'))
  const isInline = rest.some((word) => /^(?:-c|-e|-p|-pe|--eval|--print)$/.test(word))
  const isReadable = script !== undefined && !isInline && /^[\w@./:+-]{1,200}$/.test(script)
  return isReadable ? `${shortProgram} ${lastSegment(script)}` : shortProgram
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
