import type { NetworkView } from '../../../gateway/contract/network.ts'

/** The view where no host is followed and nothing is known of the internet. */
export const noNetwork: NetworkView = {
  vpn: { state: 'not_needed', sentence: null, neededBy: [] },
  machine: { name: 'test', address: null },
  paths: [],
  standIns: [],
  hosts: [],
  interfaces: [],
  source: 'polling',
}
