import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'

/** True when some connection of this machine with an address waits for an answer of the other end's kernel. Never rejects. */
export type SocketSigns = (address: string) => Promise<boolean>

const established = '01'
const connecting = '02'

/**
 * Reads `/proc/net/tcp` or `/proc/net/tcp6` (proc_net_tcp(5)) for connections with this address whose packets are not
 * acknowledged: data that was written, a sign of life that was asked for (keepalive), a connection that is being opened. A
 * server that thinks long acknowledges all the same, since its kernel does. Pure.
 */
export function hasUnanswered(table: string, address: string): boolean {
  const remote = `${procAddress(address)}:`
  return table.split('\n').some((line) => {
    if (!line.includes(remote)) return false
    const [, , peer = '', state, queues = '', , , , probes = ''] = line.trim().split(/\s+/)
    if (!peer.startsWith(remote)) return false
    if (state === connecting) return true
    const [unacknowledged = ''] = queues.split(':')
    return state === established && (!/^0+$/.test(unacknowledged) || probes !== '0')
  })
}

/** As the kernel prints it: 32-bit words in the byte order of the machine (little endian). Pure. */
function procAddress(address: string): string {
  const bytes = isIPv6(address) ? bytesOfIpv6(address) : address.split('.').map(Number)
  const words = Array.from({ length: bytes.length / 4 }, (_, index) => bytes.slice(index * 4, index * 4 + 4))
  return words
    .map((word) =>
      word
        .toReversed()
        .map((byte) => byte.toString(16).padStart(2, '0'))
        .join(''),
    )
    .join('')
    .toUpperCase()
}

/** The URL parser gives the shortest form; what it leaves out is zero. */
function bytesOfIpv6(address: string): number[] {
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [head = '', tail] = short.split('::')
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))
  const [first, last] = [groups(head), groups(tail ?? '')]
  const middle = tail === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => '0')
  return [...first, ...middle, ...last].flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
}

/** Undefined where the system does not tell. */
export function openSocketSigns(platform: NodeJS.Platform): SocketSigns | undefined {
  if (platform !== 'linux') return undefined
  return async (address) => {
    const table = isIPv6(address) ? '/proc/net/tcp6' : '/proc/net/tcp'
    return hasUnanswered(await readFile(table, 'latin1').catch(() => ''), address)
  }
}
