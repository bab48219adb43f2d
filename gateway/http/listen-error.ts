/** The port cannot be listened on. `taken`: somebody else has it (exit code 3). */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly taken: boolean
  readonly host: string
  readonly port: number

  constructor(host: string, port: number, code: string | undefined, cause: unknown) {
    super(describe(host, port, code), { cause })
    this.taken = code === 'EADDRINUSE'
    this.host = host
    this.port = port
  }
}

function describe(host: string, port: number, code: string | undefined): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken. Stop what holds it, or choose another with --port.`
  if (code === 'EACCES') return `Port ${port} may not be opened by this user. Choose one above 1023 with --port.`
  if (code === 'EADDRNOTAVAIL') return `${host} is not an address of this machine. Choose another with --host.`
  return `The gateway cannot listen on ${host}:${port} (${code ?? 'unknown reason'}).`
}
