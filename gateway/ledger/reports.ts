import { Worker } from 'node:worker_threads'
import type { RequestList } from '../contract/requests.ts'
import type { SessionView, SpendReport } from '../contract/spend.ts'
import { GatewayError } from '../model/errors.ts'
import type { QueryParameters } from './query-parameters.ts'
import { type LiteView, readLiteSpendQuery } from './lite-spend-query.ts'
import type { ReadRequestQuery } from './request-query.ts'
import type { SessionPlace, SessionPlaceQuery } from './session-place.ts'
import type { ModelUse, ModelUseQuery } from './model-use.ts'
import type { ReportAnswer, ReportKind, ReportKinds, ReportWorkerData } from './report-messages.ts'
import { readSpendLogsQuery } from './spend-logs-query.ts'
import { readSpendQuery } from './spend-query.ts'

/**
 * Reports over many rows, computed in a worker thread. Queries are taken as they came and checked here. Each method
 * rejects with GatewayError: `invalid_field` for a bad query, `internal_error` when the thread fails or is too slow.
 */
export interface Reports {
  /** The answer of `GET /spend/logs` (see readSpendLogsQuery): JSON text, ready to send. */
  spendLogs(query: QueryParameters): Promise<string>
  /** The answer of `GET /api/spend` (see readSpendQuery). */
  spendReport(query: QueryParameters): Promise<SpendReport>
  /** One of LiteLLM's reports (see readLiteSpendQuery): JSON text, ready to send. `now` in ms since the epoch. */
  liteSpend(view: LiteView, query: QueryParameters, now: number): Promise<string>
  /** The answer of `GET /api/sessions/:id`; no turns where there is no such session. */
  sessionView(session: string): Promise<SessionView>
  /** When models and routers were last used, and how soon they began to answer. */
  modelUse(query: ModelUseQuery): Promise<ModelUse>
  /** A page of requests with filters (see readRequestQuery). */
  findRequests(query: ReadRequestQuery): Promise<RequestList>
  sessionPlace(query: SessionPlaceQuery): Promise<SessionPlace>
  /** Ends the thread; what was asked and not answered fails. */
  close(): Promise<void>
}

export interface ReportsOptions {
  readonly databasePath: string
  /** A report that takes longer fails, and its thread is replaced: a running query cannot be stopped otherwise. Default 60,000 ms. */
  readonly deadlineMs?: number
  /** The worker's program; by default the file beside this one. */
  readonly workerUrl?: URL
}

interface PendingCall {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly deadline: NodeJS.Timeout
}

interface ReportThread {
  readonly worker: Worker
  readonly pending: Map<number, PendingCall>
}

/** Starts no thread before the first report; a thread that died is replaced at the next one. */
export function createReports(options: ReportsOptions): Reports {
  const { databasePath, deadlineMs = 60_000, workerUrl = defaultWorkerUrl() } = options
  let current: ReportThread | undefined
  let lastId = 0
  let closed = false

  /** Gives a thread up. Its open calls fail: whether they are to blame cannot be known. */
  const abandon = (thread: ReportThread, error: GatewayError): void => {
    if (current === thread) current = undefined
    for (const call of thread.pending.values()) {
      clearTimeout(call.deadline)
      call.reject(error)
    }
    thread.pending.clear()
  }

  const start = (): ReportThread => {
    const worker = new Worker(workerUrl, {
      name: 'reports',
      workerData: { databasePath } satisfies ReportWorkerData,
      // Flags of the process such as --inspect or --eval are not meant for this thread.
      execArgv: [],
    })
    const thread: ReportThread = { worker, pending: new Map() }
    worker.on('message', (answer: ReportAnswer) => settle(thread, answer))
    worker.on('error', (cause) => abandon(thread, workerFailure(cause)))
    worker.on('exit', () => abandon(thread, workerFailure(undefined)))
    return thread
  }

  const call = <Kind extends ReportKind>(
    kind: Kind,
    query: ReportKinds[Kind]['query'],
  ): Promise<ReportKinds[Kind]['result']> =>
    new Promise((resolve, reject) => {
      if (closed) {
        reject(new GatewayError('shutting_down', 'The gateway is stopping and makes no more reports.'))
        return
      }
      current ??= start()
      const thread = current
      lastId += 1
      const deadline = setTimeout(() => {
        abandon(thread, tooSlow(deadlineMs))
        void thread.worker.terminate()
      }, deadlineMs)
      thread.pending.set(lastId, { resolve: resolve as PendingCall['resolve'], reject, deadline })
      // An idle thread does not hold the process; one with work does.
      thread.worker.ref()
      thread.worker.postMessage({ id: lastId, kind, query })
    })

  return {
    async spendLogs(query) {
      return await call('spendLogs', readSpendLogsQuery(query))
    },
    async spendReport(query) {
      return await call('spendReport', readSpendQuery(query))
    },
    async liteSpend(view, query, now) {
      return await call('liteSpend', readLiteSpendQuery(view, query, now))
    },
    async findRequests(query) {
      return await call('findRequests', query)
    },
    async sessionPlace(query) {
      return await call('sessionPlace', query)
    },
    async modelUse(query) {
      return await call('modelUse', query)
    },
    async sessionView(session) {
      return await call('sessionView', session)
    },
    async close() {
      closed = true
      const thread = current
      if (thread === undefined) return
      abandon(thread, new GatewayError('shutting_down', 'The gateway is stopping; the report was not finished.'))
      await thread.worker.terminate()
    },
  }
}

function settle(thread: ReportThread, answer: ReportAnswer): void {
  const call = thread.pending.get(answer.id)
  if (call === undefined) return
  thread.pending.delete(answer.id)
  clearTimeout(call.deadline)
  if (thread.pending.size === 0) thread.worker.unref()
  if (answer.ok) call.resolve(answer.result)
  else call.reject(new GatewayError(answer.code, answer.message))
}

function workerFailure(cause: unknown): GatewayError {
  return new GatewayError('internal_error', 'The report thread stopped. Ask again; a new one starts by itself.', {
    cause,
  })
}

function tooSlow(deadlineMs: number): GatewayError {
  const message = `The report took longer than ${deadlineMs / 1000} s and was given up. Ask for a shorter time or fewer rows.`
  return new GatewayError('internal_error', message)
}

/** Beside this file: `.ts` when run from the sources, `.js` when bundled. */
function defaultWorkerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './report-worker.ts' : './report-worker.js', import.meta.url)
}
