import type { GatewayProcessView } from '../../gateway/contract/desktop.ts'
import type { SupervisorState } from './supervisor-state.ts'

/** The supervisor's state as a page may know it: without the control token. */
export function processView(state: SupervisorState): GatewayProcessView {
  const failed = state.phase === 'failed' ? state : undefined
  return {
    phase: state.phase,
    cause: failed?.cause ?? null,
    message: state.phase === 'failed' || state.phase === 'waiting' ? state.message : null,
    offeredPort: failed?.offeredPort ?? null,
  }
}
