/** What an interface is, as far as its name and what the system says of it tell. A hint for words and for learned paths, never proof that a tunnel works. */
export type InterfaceKind = 'loopback' | 'tunnel' | 'virtual' | 'lan'

export interface KindFacts {
  /** Linux and macOS: the device's name; Windows: the adapter's alias or description. */
  readonly name: string
  readonly addresses: readonly string[]
  /** Linux: `DEVTYPE` of `/sys/class/net/<name>/uevent`: `wireguard`, `wlan`, `bridge`. */
  readonly deviceType?: string
  /** Linux: `/sys/class/net/<name>/type` (ARPHRD numbers of if_arp.h). */
  readonly hardwareType?: number
}

export interface KindVerdict {
  readonly kind: InterfaceKind
  /** The tunnel's make as people say it, `VPN` when only that is known; undefined for everything else. */
  readonly tunnel: string | undefined
}

/** Names that belong to one make, on any system. */
const makes: readonly (readonly [RegExp, string])[] = [
  [/^tailscale|tailscale/i, 'Tailscale'],
  [/^nordlynx|nordvpn|nordlynx/i, 'NordVPN'],
  [/^proton|protonvpn/i, 'Proton VPN'],
  [/^zt[a-z0-9]{8,}$|zerotier/i, 'ZeroTier'],
  [/^wt\d+$|netbird/i, 'NetBird'],
  [/^nebula/i, 'Nebula'],
  [/cloudflarewarp|^warp\d*$/i, 'Cloudflare WARP'],
  [/^cscotun|anyconnect|cisco/i, 'Cisco AnyConnect'],
  [/^gpd\d+$|globalprotect|pangp/i, 'GlobalProtect'],
  [/fortinet|fctvpn|forti|^ssl\.root/i, 'FortiClient'],
  [/^pulse|juniper|ivanti/i, 'Ivanti'],
  [/zscaler/i, 'Zscaler'],
  [/mullvad/i, 'Mullvad'],
  [/openvpn|^ovpn/i, 'OpenVPN'],
  [/^wg\d*(?:-|_|$)|^wg|wireguard/i, 'WireGuard'],
]

/** Names of tunnels of no certain make. */
const anyTunnel = /^(?:tun|tap|utun|ipsec|ppp|vpn|l2tp|xfrm)\d*|wintun|tap-windows|wan miniport|\bvpn\b/i

const virtualNames = /^(?:docker|br-|virbr|lxcbr|lxdbr|vmnet|vboxnet|vethernet|cni|flannel|podman|bridge\d)/i

/** ARPHRD_NONE (tun, WireGuard), ARPHRD_PPP, ARPHRD_TUNNEL, ARPHRD_TUNNEL6, ARPHRD_SIT, ARPHRD_IPGRE. */
const tunnelHardware: ReadonlySet<number> = new Set([65_534, 512, 768, 769, 776, 778])

/** Pure. */
export function interfaceKind({ name, addresses, deviceType, hardwareType }: KindFacts): KindVerdict {
  if (hardwareType === 772 || /^lo\d*$/.test(name) || /^loopback/i.test(name)) return of('loopback')
  if (deviceType === 'bridge' || virtualNames.test(name)) return of('virtual')
  const make = makes.find(([pattern]) => pattern.test(name))?.[1]
  if (make !== undefined) return { kind: 'tunnel', tunnel: make }
  if (deviceType === 'wireguard') return { kind: 'tunnel', tunnel: 'WireGuard' }
  if (!anyTunnel.test(name) && !(hardwareType !== undefined && tunnelHardware.has(hardwareType))) return of('lan')
  return { kind: 'tunnel', tunnel: addresses.some(isCarrierGrade) ? 'Tailscale' : 'VPN' }
}

function of(kind: InterfaceKind): KindVerdict {
  return { kind, tunnel: undefined }
}

/** 100.64.0.0/10 (RFC 6598): on a tunnel these are Tailscale's. */
function isCarrierGrade(address: string): boolean {
  const [first, second] = address.split('.').map(Number)
  return first === 100 && second !== undefined && second >= 64 && second < 128
}
