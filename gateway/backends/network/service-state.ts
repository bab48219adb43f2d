import type { Backend } from '../backend.ts'
import type { HostMemory } from './host-machine.ts'

/** A port's state as people see it: what the network says, and what the server on it says. */
export type ServiceState = HostMemory['state'] | 'starting' | 'busy' | 'auth' | 'impostor'

/** A server that loads for minutes before it listens, as long as it was there this lately. */
const restartMs = 10 * 60_000

/**
 * Puts both together. A network that is lost has the last word; a server that answers says more than its open port. vLLM
 * listens only once its engine is ready: refused soon after it was there means that it starts. Pure.
 */
export function serviceState(
  network: HostMemory['state'],
  backend: Pick<Backend, 'state' | 'busy' | 'vendor' | 'lastSeenAt'> | undefined,
  now: number,
): ServiceState {
  if (network === 'path_lost' || network === 'path_stalled' || network === 'host_down') return network
  if (backend === undefined) return network
  switch (backend.state) {
    case 'up':
      return backend.busy ? 'busy' : 'up'
    case 'starting':
    case 'auth':
    case 'impostor':
      return backend.state
    case 'failing':
      return 'up'
    case 'down': {
      const wasThere = backend.lastSeenAt !== undefined && now - backend.lastSeenAt < restartMs
      return backend.vendor === 'vllm' && wasThere ? 'starting' : 'service_down'
    }
    case 'unknown':
      return network
  }
}
