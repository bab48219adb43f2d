import type { BackendView } from '../../gateway/contract/backends.ts'
import type { NetworkHostView, NetworkView } from '../../gateway/contract/network.ts'

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Longer lists are for the dashboard. */
const mostLines = 6

/** Local servers in use, hosts that are away and the VPN, one line each; what is away comes before what is well. */
export function placeLines(backends: readonly BackendView[], network: NetworkView | undefined): readonly string[] {
  const away = (network?.hosts ?? []).filter(({ reason, state }) => reason !== null && state !== 'unknown')
  const servers = backends
    .filter(({ added }) => added)
    .map((backend) =>
      serverLine(
        backend,
        away.find((host) => usedBy(host, backend.name)),
      ),
    )
  const told = new Set(backends.filter(({ added }) => added).map(({ name }) => name))
  const hosts = away
    .filter((host) => ![...told].some((name) => usedBy(host, name)))
    .map((host) => ({ text: `${host.host}: ${host.reason}`, isAway: true }))
  const lines = [...hosts, ...servers]
  const ordered = [...lines.filter(({ isAway }) => isAway), ...lines.filter(({ isAway }) => !isAway)]
  const shown = ordered.slice(0, mostLines).map(({ text }) => text)
  const rest = ordered.length - shown.length
  return [...vpnLine(network), ...shown, ...(rest > 0 ? [`and ${rest} more servers`] : [])]
}

interface PlaceLine {
  readonly text: string
  readonly isAway: boolean
}

function usedBy(host: NetworkHostView, name: string): boolean {
  return host.services.some((service) => service.usedBy.includes(name))
}

function serverLine(backend: BackendView, host: NetworkHostView | undefined): PlaceLine {
  const { state, label } = backend
  const place = placeName(backend)
  if (state === 'unknown') return { text: `${place}: ${label}, not asked yet`, isAway: false }
  if (state === 'starting') return { text: `${place}: ${label}, starting`, isAway: false }
  if (state !== 'up') return { text: `${place}: ${host?.reason ?? backend.reason ?? 'away'}`, isAway: true }
  const count = backend.models.length
  return { text: `${place}: ${label}, ${count} model${count === 1 ? '' : 's'}`, isAway: false }
}

function placeName({ name, url }: BackendView): string {
  if (!URL.canParse(url)) return name
  return loopbackNames.has(new URL(url).hostname) ? 'this machine' : name
}

/** Only where a host needs one; what is lost is told in the sentence of the gateway. */
function vpnLine(network: NetworkView | undefined): readonly string[] {
  switch (network?.vpn.state) {
    case 'on':
      return [`VPN on: ${network.vpn.neededBy.join(', ')}`]
    case 'off':
    case 'stalled':
      return [network.vpn.sentence ?? 'VPN off']
    default:
      return []
  }
}
