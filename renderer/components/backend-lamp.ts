import type { BackendView } from '../contract.ts'
import { needsCare } from '../state/backend-hosts.ts'
import type { LampState } from '../state/lamp-state.ts'

/** How a server's lamp looks: a ring for what is off or merely found, the half disc for what somebody misses. */
export function lampOf(backend: BackendView): LampState {
  switch (backend.state) {
    case 'up':
      return backend.added ? 'up' : 'off'
    case 'unknown':
    case 'starting':
      return 'loading'
    case 'down':
      return needsCare(backend) ? 'away' : 'off'
    case 'auth':
    case 'failing':
    case 'impostor':
      return 'failed'
  }
}
