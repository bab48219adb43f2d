import type { AuditLog } from './access/audit-log.ts'
import type { PauseView } from './contract/pause.ts'
import type { SettingsRepository } from './store/settings-repository.ts'

/** Whether LLM routes are paused: a person's choice, kept over a restart until a person takes it back. */
export interface PauseState {
  readonly view: () => PauseView
  /** In effect once it is stored. Setting it twice keeps the first moment. */
  set(paused: boolean): Promise<PauseView>
}

export interface PauseStateDependencies {
  readonly settings: Pick<SettingsRepository, 'get' | 'set' | 'delete'>
  readonly audit: Pick<AuditLog, 'note'>
  readonly onChange: () => void
  /** ms since the epoch. */
  readonly now: () => number
}

const settingsKey = 'gateway.paused_since'

export async function loadPauseState(dependencies: PauseStateDependencies): Promise<PauseState> {
  const { settings, audit, onChange, now } = dependencies
  const kept = await settings.get(settingsKey)
  // Asked for by every request: one object for all of them.
  let current = viewOf(typeof kept === 'number' ? kept : null)
  return {
    view: () => current,
    async set(paused) {
      if (paused === current.paused) return current
      const next = paused ? now() : null
      if (next === null) await settings.delete(settingsKey)
      else await settings.set(settingsKey, next)
      current = viewOf(next)
      audit.note(paused ? 'gateway.paused' : 'gateway.resumed', 'gateway', {})
      onChange()
      return current
    },
  }
}

function viewOf(since: number | null): PauseView {
  return { paused: since !== null, since }
}
