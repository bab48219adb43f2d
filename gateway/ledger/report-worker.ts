// Entry of the report thread: long reads on a connection of its own, so that the event loop of the gateway never waits
// for them. Started by reports.ts; answers each call once.
import { parentPort, workerData } from 'node:worker_threads'
import { toGatewayError } from '../model/errors.ts'
import { type Database, openDatabase } from '../store/database.ts'
import type { ReportAnswer, ReportCall, ReportWorkerData } from './report-messages.ts'
import { liteSpend } from './lite-spend.ts'
import { findRequests } from './find-requests.ts'
import { sessionPlace } from './session-place.ts'
import { modelUse } from './model-use.ts'
import { sessionView } from './session-view.ts'
import { spendLogs } from './spend-logs.ts'
import { spendReport } from './spend-report.ts'

if (parentPort === null) throw new Error('report-worker.ts runs as a worker thread; use createReports.')
const port = parentPort
const { databasePath } = workerData as ReportWorkerData
let database: Database | undefined

port.on('message', (call: ReportCall) => {
  port.postMessage(answer(call))
})

function answer(call: ReportCall): ReportAnswer {
  try {
    // Opened at the first call: a database that cannot be opened is then an answer, and may be there at the next.
    database ??= openDatabase(databasePath, { readonly: true, busyTimeoutMs: 5000 })
    return { id: call.id, ok: true, result: report(database, call) }
  } catch (thrown) {
    const { code, message } = toGatewayError(thrown)
    return { id: call.id, ok: false, code, message }
  }
}

function report(connection: Database, call: ReportCall) {
  switch (call.kind) {
    case 'spendLogs':
      return spendLogs(connection, call.query)
    case 'liteSpend':
      return liteSpend(connection, call.query)
    case 'findRequests':
      return findRequests(connection, call.query)
    case 'sessionPlace':
      return sessionPlace(connection, call.query)
    case 'modelUse':
      return modelUse(connection, call.query)
    case 'sessionView':
      return sessionView(connection, call.query)
    case 'spendReport':
      return spendReport(connection, call.query)
  }
}
