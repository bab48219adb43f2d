import { uptime } from 'node:os'
import type { GatewayFile } from '../contract/gateway-file.ts'

export type Liveness = 'running' | 'stale'

export interface LivenessQuestions {
  /** Whether a process with this id exists. */
  readonly isAlive: (pid: number) => boolean
  /** Who answers at a gateway's URL: `other` for anything that is not a gateway, `silent` when a connection gets no answer. */
  readonly answers: (url: string) => Promise<'gateway' | 'other' | 'refused' | 'silent'>
  /** ms since the epoch. */
  readonly now: () => number
  /** When this machine started, ms since the epoch. */
  readonly bootedAt: () => number
  readonly ownPid: number
}

/** How long a starting gateway may take until it listens, in ms. Beyond this its file is taken for left over. */
const longestStartMs = 60_000

/**
 * Judges whether the gateway of a file still runs. Process ids are used again, above all after a restart of the machine,
 * so a live process alone proves nothing: it must also answer as a gateway, or have begun to start a moment ago. One that
 * accepts a connection and says nothing (a stopped process, a debugger) counts as running: replacing it would put two
 * gateways on the same data.
 */
export async function judgeLiveness(file: GatewayFile, questions: LivenessQuestions): Promise<Liveness> {
  if (!questions.isAlive(file.pid)) return 'stale'
  // A second of slack: the two clocks are read at different moments.
  if (file.startedAt < questions.bootedAt() - 1_000) return 'stale'
  // In a container every start has the same process id, so that a file left by a killed start seems to be our own.
  if (file.url === '' && file.pid === questions.ownPid) return 'stale'
  if (file.url === '') return questions.now() - file.startedAt < longestStartMs ? 'running' : 'stale'
  const answer = await questions.answers(file.url)
  return answer === 'gateway' || answer === 'silent' ? 'running' : 'stale'
}

const answerDeadlineMs = 2_000

/** The questions put to this machine. */
export const machineQuestions: LivenessQuestions = {
  isAlive: isProcessAlive,
  answers: whoAnswers,
  now: () => Date.now(),
  bootedAt: () => Date.now() - uptime() * 1_000,
  ownPid: process.pid,
}

/** True when a process with this id exists, whoever owns it. */
export function isProcessAlive(pid: number): boolean {
  if (pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Asks the one route that every gateway answers without a key. */
export async function whoAnswers(url: string): Promise<'gateway' | 'other' | 'refused' | 'silent'> {
  try {
    const response = await fetch(`${url}/health/liveliness`, { signal: AbortSignal.timeout(answerDeadlineMs) })
    return (await response.text()).includes("I'm alive!") ? 'gateway' : 'other'
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'silent' : 'refused'
  }
}
