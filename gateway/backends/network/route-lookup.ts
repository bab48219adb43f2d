import { createSocket } from 'node:dgram'
import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import type { InterfaceSource, LocalInterface } from './interfaces.ts'
import { interfaceTowards, readProcRoutes } from './proc-routes.ts'
import type { Route } from './route.ts'

/** Asks the kernel for the way to an IP address. Sends nothing, never rejects. */
export type RouteLookup = (address: string) => Promise<Route>

/** The own address a packet to `address` would carry, or the kernel's refusal. */
export type SourceLookup = (address: string) => Promise<{ readonly source: string } | { readonly code: string }>

/** Connecting a UDP socket sets its peer: the kernel chooses route and own address and sends nothing (connect(2), udp(7)). */
export const lookupSource: SourceLookup = (address) => {
  const { promise, resolve } = Promise.withResolvers<{ source: string } | { code: string }>()
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  const settle = (outcome: { source: string } | { code: string }): void => {
    resolve(outcome)
    socket.close()
  }
  socket.once('error', (error) => settle({ code: codeOf(error) }))
  // The port is discard's; no datagram is ever written. Errors come as the listener's argument (undocumented) or as an event.
  socket.connect(9, address, ((error?: Error) => {
    if (error !== undefined && error !== null) settle({ code: codeOf(error) })
    else settle({ source: sourceOf(socket) })
  }) as () => void)
  return promise
}

function sourceOf(socket: ReturnType<typeof createSocket>): string {
  return socket.address().address
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' ? code : 'EUNKNOWN'
}

export interface RouteLookupDependencies {
  readonly interfaces: InterfaceSource
  readonly source?: SourceLookup
  /** `/proc/net/route`; gives '' where there is none. */
  readonly routeTable?: () => Promise<string>
}

/** Completes the kernel's answer with the interface that has the own address. */
export function createRouteLookup({
  interfaces,
  source = lookupSource,
  routeTable = readRouteTable,
}: RouteLookupDependencies): RouteLookup {
  return async (address) => {
    const found = await source(address)
    if ('code' in found) return { kind: 'none', code: found.code }
    const own = (await interfaces.list()).find(({ addresses }) => addresses.includes(found.source))
    // An interface with nobody at its other end is not listed; the table still names it.
    const used = own ?? (await hiddenInterface(address, interfaces, routeTable))
    return {
      kind: 'path',
      source: found.source,
      interface: used?.name,
      tunnel: used?.tunnel,
      subnet: used?.subnets.find((subnet) => subnet.startsWith(`${found.source}/`)),
      carrier: used?.carrier,
    }
  }
}

async function hiddenInterface(
  address: string,
  interfaces: InterfaceSource,
  routeTable: () => Promise<string>,
): Promise<LocalInterface | undefined> {
  const name = interfaceTowards(readProcRoutes(await routeTable()), address)
  return name === undefined ? undefined : interfaces.named(name)
}

function readRouteTable(): Promise<string> {
  return process.platform === 'linux' ? readFile('/proc/net/route', 'utf8').catch(() => '') : Promise.resolve('')
}
