import type { HostMemory, ReachCause, ReachState } from './host-machine.ts'

/** What the words need to know of a host. */
export interface WordFacts extends Pick<HostMemory, 'state' | 'cause' | 'route' | 'learned'> {
  readonly host: string
  readonly network: 'vpn' | 'lan' | 'any' | undefined
}

export interface Words {
  /** One sentence part: `VPN off: reconnect to use gpu-node`. */
  readonly reason: string
  /** One sentence: what to do. */
  readonly remedy: string
}

/** True when a host needs a tunnel: by the user's word, or because it was last reached through one. Pure. */
export function needsVpn({ network, learned }: Pick<WordFacts, 'network' | 'learned'>): boolean {
  return network === 'vpn' || (network === undefined && learned?.tunnel !== undefined)
}

/** Why a host cannot be used and what to do; undefined when nothing is wrong with its path. Pure. */
export function wordsFor(facts: WordFacts): Words | undefined {
  const { state, cause, host } = facts
  switch (state) {
    case 'up':
      return undefined
    case 'unknown':
      return cause === 'no_name'
        ? {
            reason: `the name ${host} is not known here`,
            remedy: `Check the spelling of ${host}, or connect the network that knows it.`,
          }
        : undefined
    case 'path_lost':
      return needsVpn(facts) ? vpnOff(facts) : networkLost(facts)
    case 'path_stalled':
      return stalled(facts)
    case 'host_down':
      return {
        reason: `${host} is off or asleep`,
        remedy: `Switch ${host} on or wake it up; it is used by itself once it answers.`,
      }
    case 'service_down':
      return {
        reason: `nothing listens at ${host}`,
        remedy: `Start the server on ${host}; it is used by itself once it answers.`,
      }
  }
}

function vpnOff({ host, learned }: WordFacts): Words {
  const make = madeBy(learned?.tunnel)
  return {
    reason: `VPN off: reconnect${make === '' ? '' : ` ${make}`} to use ${host}`,
    remedy: `Connect ${make === '' ? 'the VPN' : make} again; ${host} is used by itself within two seconds.`,
  }
}

function networkLost({ host, cause, network, route }: WordFacts): Words {
  const remedy = `Connect to the network of ${host} again; it is used by itself once it answers.`
  if (cause === 'no_carrier') {
    const name = route?.kind === 'path' ? route.interface : undefined
    return { reason: `no link${name === undefined ? '' : ` on ${name}`}: the way to ${host} is cut`, remedy }
  }
  if (cause === 'wrong_network' && network === 'lan') {
    return {
      reason: `the way to ${host} goes through a VPN, and it is to be reached without one`,
      remedy: `Disconnect the VPN or join the network of ${host}, or set network: any for it.`,
    }
  }
  return { reason: `${lostWords[cause ?? 'no_route'] ?? 'no way to'} ${host}`, remedy }
}

const lostWords: Readonly<Partial<Record<ReachCause, string>>> = {
  no_route: 'network off: no way to',
  no_name: 'network off: no address for',
  no_net: 'the network behind the router is gone: no way to',
  unproven: 'the network has come back and is being tried: no answer yet from',
  other_path: 'another network than before: no way known to',
}

function stalled(facts: WordFacts): Words {
  const { host, route, cause } = facts
  const tunnel = (route?.kind === 'path' ? route.tunnel : undefined) ?? facts.learned?.tunnel
  const alone = cause === 'silent_alone' ? `, or ${host} itself is off` : ''
  if (tunnel === undefined && !needsVpn(facts)) {
    const also = cause === 'silent_alone' ? ` and whether ${host} is on: no other host on this path tells` : ''
    return { reason: `the network to ${host} passes no traffic${alone}`, remedy: `Check the network${also}.` }
  }
  const make = madeBy(tunnel)
  return {
    reason: `VPN connected but not passing traffic${alone}`,
    remedy: `Reconnect ${make === '' ? 'the VPN' : make} to use ${host}.`,
  }
}

function madeBy(tunnel: string | undefined): string {
  return tunnel === undefined || tunnel === 'VPN' ? '' : tunnel
}

/** A state in a word or two. */
export const stateLabels: Readonly<Record<ReachState, string>> = {
  unknown: 'not known',
  up: 'up',
  path_lost: 'path lost',
  path_stalled: 'path stalled',
  host_down: 'host down',
  service_down: 'service down',
}
