import { BlockList, isIP, isIPv6 } from 'node:net'

const privateRanges = new BlockList()
for (const [network, bits, family] of [
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
] as const) {
  privateRanges.addSubnet(network, bits, family)
}

/** Addresses of home, company and overlay networks (RFC 1918, 3927, 4193, 6598), without loopback. Pure. */
export function isPrivateAddress(address: string): boolean {
  return isIP(address) !== 0 && privateRanges.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/** This machine itself, by name or address as in a URL. Pure. */
export function isLoopbackHost(host: string): boolean {
  return /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0)$/i.test(host)
}

const privateNames =
  /(?:^|\.)(?:local|lan|home|internal|intranet|corp|private|localdomain|home\.arpa|ts\.net|netbird\.cloud|fritz\.box)$/i

/** Hosts that need a network of their own to be reached: private addresses, names without a dot, and names of inner networks. Pure. */
export function isInnerHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  if (isLoopbackHost(host)) return false
  if (isIP(bare) !== 0) return isPrivateAddress(bare)
  return !bare.includes('.') || privateNames.test(bare)
}
