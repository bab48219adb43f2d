import { connect } from 'node:net'
import type { Contact } from './host-machine.ts'

/** Opens a TCP connection and closes it at once; nothing is written. Never rejects. */
export type ConnectProbe = (address: string, port: number) => Promise<Omit<Contact, 'at'>>

/** A connection that takes longer is silent: no network that a model is asked over is that far away. */
export const silentAfterMs = 1_500

export const probeConnection: ConnectProbe = (address, port) => {
  const { promise, resolve } = Promise.withResolvers<Omit<Contact, 'at'>>()
  const socket = connect({ host: address, port, autoSelectFamily: false })
  const timer = setTimeout(() => settle('silent'), silentAfterMs)
  const settle = (kind: Contact['kind'], code?: string): void => {
    clearTimeout(timer)
    resolve({ port, kind, ...(code === undefined ? {} : { code }) })
    socket.destroy()
  }
  socket.once('connect', () => settle('open'))
  socket.once('error', (error: NodeJS.ErrnoException) => settle(contactKind(error.code ?? ''), error.code))
  return promise
}

/**
 * What a failed connection says of port, host or network. EHOSTUNREACH: nobody has the address, or a router says so.
 * ENETUNREACH and EACCES/EINVAL come from the route (unreachable, prohibit, blackhole). Pure.
 */
export function contactKind(code: string): Contact['kind'] {
  switch (code) {
    case 'ECONNREFUSED':
    // Whoever closes a connection has answered it.
    case 'ECONNRESET':
      return 'refused'
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
      return 'no_host'
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EACCES':
    case 'EPERM':
    case 'EINVAL':
    case 'EADDRNOTAVAIL':
    case 'ENOKEY':
    case 'EDESTADDRREQ':
      return 'no_net'
    default:
      return 'silent'
  }
}
