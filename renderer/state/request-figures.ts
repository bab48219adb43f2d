import type { RequestView } from '../contract.ts'
import { formatDuration, formatRunning } from '../format/duration.ts'
import { formatExactMoney, formatMoney } from '../format/money.ts'
import { strings } from '../strings.ts'

export type CostTone = 'plain' | 'quiet' | 'accent' | 'error'

export interface CostFigure {
  readonly text: string
  readonly tone: CostTone
  /** The exact figure, or why there is none. */
  readonly hint: string | undefined
  /** Stands beside the duration: money of the demo models is not money. */
  readonly label: string | undefined
}

/** True when the client went away before the answer was complete: its own wish, not a failure. */
export function wasStopped(request: RequestView): boolean {
  return request.errorCode === 'client_closed_request'
}

/** True when the client got an error. */
export function hasFailed(request: RequestView): boolean {
  if (wasStopped(request)) return false
  return request.errorCode !== null || (request.status !== null && request.status >= 400)
}

/** What the cost column says: the state while it runs, then money, `unknown`, `stopped` or `failed`. */
export function costFigure(request: RequestView): CostFigure {
  if (hasFailed(request)) {
    return { text: strings.requests.failed, tone: 'error', hint: request.errorCode ?? undefined, label: undefined }
  }
  if (wasStopped(request) && request.costNanoUsd === null) {
    return { text: strings.requests.stopped, tone: 'quiet', hint: strings.requests.stoppedHint, label: undefined }
  }
  if (request.phase === 'running') {
    const text = request.firstTokenMs === null ? strings.requests.running : strings.requests.streaming
    return { text, tone: 'accent', hint: undefined, label: undefined }
  }
  return moneyFigure(request)
}

/** What the request cost, whatever became of it. */
export function moneyFigure(request: RequestView): CostFigure {
  const { costNanoUsd: cost, priceSource } = request
  if (cost === null || priceSource === 'unknown') {
    const priced = priceSource !== null && priceSource !== 'unknown'
    const hint = priced ? strings.requests.noUsage : strings.requests.unknownHint
    return { text: strings.requests.unknown, tone: 'quiet', hint, label: undefined }
  }
  const pretend = priceSource === 'demo'
  return {
    text: formatMoney(cost),
    tone: pretend ? 'quiet' : 'plain',
    hint: formatExactMoney(cost),
    label: pretend ? strings.requests.pretend : undefined,
  }
}

/** How long it took, or has run so far. `elapsedMs` counts only while it runs. */
export function durationText(request: RequestView, elapsedMs: number): string {
  if (request.phase === 'running') return formatRunning(elapsedMs)
  return request.totalMs === null ? '' : formatDuration(request.totalMs)
}

/** The model that answers, or the name asked for while none was chosen. */
export function shownModel(request: RequestView): string {
  return request.model ?? request.askedModel
}
