import type { HostReachability } from '../backends/host-reachability.ts'
import { isLost } from '../backends/network/host-machine.ts'
import type { NetworkWatch } from '../backends/network/network-watch.ts'
import { standIns } from '../backends/network/stand-ins.ts'
import { portOf } from '../backends/network/watched-hosts.ts'
import type { Deployment, GatewayConfig } from '../config/gateway-config.ts'
import type { StandInView } from '../contract/network.ts'
import type { ConditionSource } from '../relay/deployments/compose-conditions.ts'

/** What the discovery of local servers may know of paths. */
export function reachabilityOf(watch: NetworkWatch): HostReachability {
  return {
    of: (host) => {
      const report = watch.report(host)
      if (report === undefined || !isLost(report.memory.state)) return undefined
      if (report.words === undefined) return { state: 'down', reason: 'cannot be reached' }
      const { reason, remedy } = report.words
      return { state: 'down', reason: `cannot be reached: ${reason}`, remedy }
    },
    onChange: (listener) => watch.onChange(listener),
  }
}

/** Asked for every candidate of every plan: where a deployment lives is read once per configuration. */
export function conditionOf(watch: NetworkWatch, config: () => GatewayConfig | undefined): ConditionSource {
  let read: GatewayConfig | undefined
  let places = new Map<string, { readonly host: string; readonly port: number }>()
  return (deploymentId) => {
    const current = config()
    if (current === undefined) return undefined
    if (current !== read) {
      read = current
      places = placesOf(current)
    }
    const place = places.get(deploymentId)
    const port = place === undefined ? undefined : watch.port(place.host, place.port)
    if (port === undefined || !(isLost(port.state) || port.state === 'service_down')) return undefined
    return { down: { reason: `is down: ${port.words?.reason ?? 'it cannot be reached'}` } }
  }
}

function placesOf({ groups }: GatewayConfig): Map<string, { readonly host: string; readonly port: number }> {
  const places = new Map<string, { readonly host: string; readonly port: number }>()
  for (const { id, baseUrl } of [...groups.values()].flat()) {
    const url = URL.parse(baseUrl)
    if (url !== null) places.set(id, { host: url.hostname, port: portOf(url) })
  }
  return places
}

/** Deployments on a host. */
export function deploymentsAt({ groups }: GatewayConfig, host: string): Deployment[] {
  return [...groups.values()].flat().filter(({ baseUrl }) => URL.parse(baseUrl)?.hostname === host)
}

/** What answers until the lost hosts are back. @param isDown true for a deployment whose server gives no connection */
export function standInsNow(
  watch: NetworkWatch,
  config: GatewayConfig,
  condition: ConditionSource,
  isDown: (deployment: Deployment) => boolean,
): StandInView[] {
  return standIns({
    config,
    isLost: ({ baseUrl }) => lostReason(watch, baseUrl) !== undefined,
    isDown: (deployment) => isDown(deployment) || condition(deployment.id) !== undefined,
  })
}

/** Why the host of an address cannot be reached; undefined when it can, as far as is known. */
export function lostReason(watch: NetworkWatch, url: string): string | undefined {
  const place = URL.parse(url)
  const report = place === null ? undefined : watch.report(place.hostname)
  return report !== undefined && isLost(report.memory.state) ? report.words?.reason : undefined
}
