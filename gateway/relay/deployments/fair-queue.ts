import type { Candidate, DeploymentCondition, WaitingCandidate } from '../../routing/plan-types.ts'
import { type AttemptTicket, type DeploymentBoard, isRefusal, type TakeRefusal } from './deployment-board.ts'
import { SessionTurns } from './session-turns.ts'

/** Where requests wait for a slot when no candidate is left. */
export interface FairQueue {
  /**
   * Waits for the first slot of any of the candidates; sessions take turns. Undefined = gave up: `signalbox.queue_ms` is
   * over or 0, the queue is full, or the signal was aborted. A turn's slot is taken: its ticket must be ended.
   */
  wait(request: QueuedRequest, signal: AbortSignal): Promise<QueueTurn | undefined>
}

export interface QueuedRequest {
  /** Soonest first, as the plan has them. */
  readonly waiting: readonly WaitingCandidate[]
  /** Who takes turns: see `sessionKeyOf`. */
  readonly sessionKey: string
  readonly estimatedTokens: number
}

export interface QueueTurn {
  readonly candidate: Candidate
  readonly ticket: AttemptTicket
}

/** For a gateway whose requests never wait. */
export const noQueue: FairQueue = { wait: () => Promise.resolve(undefined) }

/** Who takes turns: the agent's session, or the key of a client that names none. */
export function sessionKeyOf({ sessionId, keyId }: { sessionId: string | null; keyId: string }): string {
  return sessionId === null ? `key ${keyId}` : `session ${sessionId}`
}

/** The queue with what its owner needs. */
export interface OpenQueue extends FairQueue {
  /** Why a request that has not waited gets no slot of the deployment: others wait for it. Undefined = nobody does. */
  readonly ahead: (deploymentId: string) => TakeRefusal | undefined
  /** A session had an answer without waiting. */
  readonly served: (sessionKey: string) => void
  /** Something may have become free. */
  readonly pump: () => void
  /** Sends everybody away. */
  readonly close: () => void
}

export interface QueueDependencies {
  readonly board: Pick<DeploymentBoard, 'take'>
  /** Of all sources but this queue. */
  readonly condition: (deploymentId: string) => DeploymentCondition | undefined
  /** ms since the epoch. */
  readonly now: () => number
  /** Runs the action after so many ms; gives the way to call it off. */
  readonly after: (ms: number, action: () => void) => () => void
  /** How long a request may wait, in ms; 0 = not at all. */
  readonly queueMs: () => number
}

/** Who comes when so many wait is sent away at once: the wait would only be longer. */
const mostWaiting = 1_000
/** Some conditions (budgets, probes) change without a word: they are looked at this often while somebody waits. */
const lookEveryMs = 1_000

interface Waiting {
  readonly sessionKey: string
  readonly request: QueuedRequest
  readonly done: (turn: QueueTurn | undefined) => void
}

/** A bounded queue over all deployments in which sessions take turns. */
export function createFairQueue(dependencies: QueueDependencies): OpenQueue {
  const { board, condition, now, after } = dependencies
  const turns = new SessionTurns<Waiting>()
  const waitedFor = new Map<string, number>()
  let cancelLook: (() => void) | undefined

  const count = ({ request }: Waiting, by: number): void => {
    for (const { candidate } of request.waiting) {
      const { id } = candidate.deployment
      const left = (waitedFor.get(id) ?? 0) + by
      if (left === 0) waitedFor.delete(id)
      else waitedFor.set(id, left)
    }
  }

  const serve = ({ request, done }: Waiting): boolean => {
    for (const { candidate } of request.waiting) {
      const state = condition(candidate.deployment.id)
      if (state !== undefined && isOut(state, now())) continue
      const ticket = board.take(candidate.deployment, request.estimatedTokens)
      if (isRefusal(ticket)) continue
      done({ candidate, ticket })
      return true
    }
    return false
  }

  const pump = (): void => {
    cancelLook?.()
    cancelLook = undefined
    while (turns.size > 0 && turns.next(serve)) continue
    if (turns.size > 0) cancelLook = after(nextLookMs(), pump)
  }

  const nextLookMs = (): number => {
    const ids = new Set(waitedFor.keys())
    const times = [...ids].map((id) => freeAt(condition(id)) ?? Infinity)
    return Math.max(1, Math.min(lookEveryMs, ...times.map((time) => time - now())))
  }

  const wait = (request: QueuedRequest, signal: AbortSignal): Promise<QueueTurn | undefined> => {
    const queueMs = dependencies.queueMs()
    if (queueMs <= 0 || signal.aborted || turns.size >= mostWaiting) return Promise.resolve(undefined)
    const { promise, resolve } = Promise.withResolvers<QueueTurn | undefined>()
    const leave = (): void => {
      turns.remove(waiting)
      waiting.done(undefined)
    }
    let over = false
    const waiting: Waiting = {
      sessionKey: request.sessionKey,
      request,
      done: (turn) => {
        if (over) return
        over = true
        count(waiting, -1)
        cancelTimer()
        signal.removeEventListener('abort', leave)
        resolve(turn)
      },
    }
    const cancelTimer = after(queueMs, leave)
    signal.addEventListener('abort', leave, { once: true })
    turns.add(waiting)
    count(waiting, 1)
    pump()
    return promise
  }

  return {
    wait,
    ahead: (deploymentId) => (waitedFor.has(deploymentId) ? { limit: 'its queue' } : undefined),
    served: (sessionKey) => turns.served(sessionKey),
    pump,
    close: () => {
      cancelLook?.()
      for (const waiting of turns.all()) {
        turns.remove(waiting)
        waiting.done(undefined)
      }
    },
  }
}

/** Full ones are not out: the board itself says whether this request still fits. */
function isOut({ cooledUntil, down, overBudget }: DeploymentCondition, now: number): boolean {
  return down !== undefined || overBudget !== undefined || (cooledUntil !== undefined && cooledUntil > now)
}

/** When a deployment is expected to be free, in ms since the epoch; undefined = nobody knows. */
function freeAt(state: DeploymentCondition | undefined): number | undefined {
  if (state === undefined) return undefined
  const times = [state.cooledUntil, state.full?.until].filter((time) => time !== undefined)
  return times.length === 0 ? undefined : Math.max(...times)
}
