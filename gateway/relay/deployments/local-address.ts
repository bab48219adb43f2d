const privateAddress =
  /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/
const privateName = /(?:^|\.)(?:localhost|local|lan|home|internal|home\.arpa|ts\.net)$/

/**
 * True for a server of one's own: this machine, private and tailnet addresses, names without a dot and those of home
 * networks. It is asked freely whether it is there; providers on the internet are not. Pure.
 */
export function isLocalAddress(baseUrl: string): boolean {
  const host = URL.parse(baseUrl)
    ?.hostname.replace(/^\[|\]$/g, '')
    .toLowerCase()
  if (host === undefined || host === '') return false
  if (host.includes(':')) return host === '::1' || /^f[cd]|^fe[89ab]/.test(host)
  return privateAddress.test(host) || privateName.test(host) || !host.includes('.')
}
