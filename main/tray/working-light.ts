import type { RequestView } from '../../gateway/contract/requests.ts'

const onAfterMs = 400
const leastOnMs = 600

/** Whether the icon shows work. Times in ms since the epoch. */
export interface WorkingLight {
  /** Undefined = dark. */
  readonly litSince: number | undefined
  /** Start of the oldest request that runs. */
  readonly oldestRunning: number | undefined
}

export const darkLight: WorkingLight = { litSince: undefined, oldestRunning: undefined }

export interface LightStep {
  readonly light: WorkingLight
  /** When to look again, ms since the epoch; undefined = not before the requests change. */
  readonly dueAt: number | undefined
}

/**
 * The light at `now` with these requests: on once a request lasted 400 ms, and then for at least 600 ms, so that it
 * cannot flicker. Pure; called at each change of the requests and when it is due.
 */
export function stepLight(light: WorkingLight, requests: readonly RequestView[], now: number): LightStep {
  const starts = requests.filter(({ phase }) => phase === 'running').map(({ startedAt }) => startedAt)
  const oldestRunning = starts.length === 0 ? undefined : Math.min(...starts)
  return settle({ ...light, oldestRunning }, now)
}

function settle(light: WorkingLight, now: number): LightStep {
  const { litSince, oldestRunning } = light
  if (litSince === undefined) {
    if (oldestRunning === undefined) return { light, dueAt: undefined }
    const dueAt = oldestRunning + onAfterMs
    return dueAt > now ? { light, dueAt } : { light: { ...light, litSince: now }, dueAt: undefined }
  }
  if (oldestRunning !== undefined) return { light, dueAt: undefined }
  const dueAt = litSince + leastOnMs
  return dueAt > now ? { light, dueAt } : { light: darkLight, dueAt: undefined }
}
