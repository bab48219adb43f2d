import type { ServerSettings } from './gateway-config.ts'

export interface ListenAddress {
  readonly port: number
  readonly host: string
}

/** Where to listen: the command line wins over the file, the file over 127.0.0.1:4000. */
export function listenAddress(flags: Partial<ListenAddress>, file: ServerSettings): ListenAddress {
  return { port: flags.port ?? file.port ?? 4000, host: flags.host ?? file.host ?? '127.0.0.1' }
}
