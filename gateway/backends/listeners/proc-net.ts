import type { Listener } from './listener.ts'

const listening = '0A'

/**
 * Reads `/proc/net/tcp` or `/proc/net/tcp6` (proc_net_tcp(5)): the sockets that listen on loopback or on every address.
 * Lines that are not understood are left out.
 */
export function readSocketTable(text: string): Listener[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
      const [address = '', portText = ''] = local.split(':')
      const host = state === listening ? loopbackHost(address) : undefined
      const port = Number.parseInt(portText, 16)
      if (host === undefined || !(port > 0) || !/^[1-9]\d*$/.test(inode)) return []
      return [{ port, host, id: `inode:${inode}` }]
    })
}

/** False for a line of `/proc/net/tcp` that is a connection; true for its heading, too. */
export function isListening(line: string): boolean {
  const state = line.trim().split(/\s+/, 4)[3]
  return state === listening || state === 'st'
}

/** How the address is reached over loopback; undefined when it is not. IPv4 in the byte order of the machine (little endian). */
function loopbackHost(address: string): string | undefined {
  if (address.length === 8) {
    return address === '00000000' || address.endsWith('7F') ? '127.0.0.1' : undefined
  }
  if (address.length !== 32) return undefined
  if (/^0{32}$/.test(address)) return '127.0.0.1'
  if (address === '00000000000000000000000001000000') return '[::1]'
  return /^0{16}FFFF0000\w{6}7F$/i.test(address) ? '127.0.0.1' : undefined
}

/** The parent of a process, from `/proc/<pid>/stat`; its name may hold spaces and parentheses. */
export function readParent(stat: string): number | undefined {
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const pid = Number(parent)
  return Number.isInteger(pid) && pid > 0 ? pid : undefined
}

const interpreters = /^(?:python[\d.]*|node|bun|deno|java|ruby)$/

/**
 * The name by which people know a process: what an interpreter runs (`python -m vllm…` is `vllm`), else its own.
 *
 * @param comm `/proc/<pid>/comm` @param commandLine `/proc/<pid>/cmdline`
 */
export function processName(comm: string, commandLine: string): string {
  const [program = '', ...rest] = commandLine.split('\0').filter((part) => part !== '')
  const name = program.split('/').at(-1) || comm.trim()
  if (!interpreters.test(name)) return name
  const at = rest.indexOf('-m')
  const script = at === -1 ? rest.find((part) => !part.startsWith('-')) : rest[at + 1]
  const known = inferencePrograms.exec(script ?? '')
  return known?.[0].toLowerCase() ?? name
}

/** Servers of models that run under an interpreter. */
const inferencePrograms = /vllm|sglang|mlx_lm|tabby|koboldcpp|text_generation|llama_cpp/i
