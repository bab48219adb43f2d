import type { DayUse } from './day-count.ts'

export interface DayUseWriterDependencies {
  readonly save: (uses: ReadonlyMap<string, DayUse>) => Promise<void>
  readonly useOf: (deploymentId: string) => DayUse | undefined
  readonly after: (ms: number, action: () => void) => () => void
  readonly onFailure: (failure: unknown) => void
}

/** A killed gateway forgets this much of its daily counts at most. */
const writeEveryMs = 500

export interface DayUseWriter {
  /** The day's count of a deployment has grown. Writes later, together with others. */
  readonly note: (deploymentId: string) => void
  /** Writes what is due, now. */
  readonly flush: () => Promise<void>
}

/** Keeps daily counts on disk, at most two small transactions a second and never while a request waits for one. */
export function createDayUseWriter({ save, useOf, after, onFailure }: DayUseWriterDependencies): DayUseWriter {
  const changed = new Set<string>()
  let cancel: (() => void) | undefined

  const flush = async (): Promise<void> => {
    cancel?.()
    cancel = undefined
    const uses = new Map<string, DayUse>()
    for (const id of changed) {
      const use = useOf(id)
      if (use !== undefined) uses.set(id, use)
    }
    changed.clear()
    if (uses.size === 0) return
    try {
      await save(uses)
    } catch (failure) {
      onFailure(failure)
    }
  }
  return {
    note: (deploymentId) => {
      changed.add(deploymentId)
      cancel ??= after(writeEveryMs, () => void flush())
    },
    flush,
  }
}
