import { createReadStream, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { exitCodes } from '../contract/process-messages.ts'
import { ControlError } from '../contract/control-client.ts'
import type { ExplainRequest, Explanation } from '../contract/routers.ts'
import { GatewayError } from '../model/errors.ts'
import { readRouteCase } from '../routing/route-cases.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { CommandFailure } from './command-failure.ts'
import { type Explainer, openExplainer, type RouteOptions } from './route.ts'
import { textLines } from './text-lines.ts'

/**
 * Explains every request of a JSON Lines file (`-` = standard input). With `--json` one object per case goes out: the
 * explanation, or `{"error": {code, message, param}}`, each with `case`, the line's number. Empty lines are skipped.
 * A bad case does not stop the others; it makes the exit code 1.
 */
export async function routeCases(context: CommandContext, file: string, options: RouteOptions): CommandResult {
  const path = resolve(context.workingDirectory, file)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (file !== '-' && stats === undefined) throw new CommandFailure(`There is no file ${path}.`)
  if (stats?.isDirectory() === true) throw new CommandFailure(`${path} is a folder; a file of requests is wanted.`)
  const explainer = await openExplainer(context, options)
  const lines = textLines(file === '-' ? process.stdin : createReadStream(path))
  let lineNumber = 0
  let failures = 0
  for await (const line of lines) {
    lineNumber += 1
    if (line.trim() === '') continue
    const outcome = await explainCase(line, lineNumber, explainer)
    if ('error' in outcome) failures += 1
    await context.print(context.json ? JSON.stringify(outcome) : caseText(outcome))
  }
  if (failures > 0) context.note(`${failures} of the cases could not be routed.`)
  return failures === 0 ? exitCodes.ok : exitCodes.crash
}

type CaseOutcome =
  | ({ readonly case: number } & Explanation)
  | { readonly case: number; readonly error: { code: string; message: string; param: string | null } }

async function explainCase(line: string, lineNumber: number, explainer: Explainer): Promise<CaseOutcome> {
  try {
    const request = readRouteCase(line, lineNumber)
    return { case: lineNumber, ...(await explainer.explain(withModel(request, explainer.defaultRouter))) }
  } catch (error) {
    if (!(error instanceof GatewayError || error instanceof ControlError)) throw error
    const param = error instanceof GatewayError ? error.param : null
    return { case: lineNumber, error: { code: error.code, message: error.message, param } }
  }
}

/** A request that names no model is one for the default router. */
function withModel(request: ExplainRequest, router: string): ExplainRequest {
  return request.model === undefined && request.body['model'] === undefined ? { ...request, model: router } : request
}

function caseText(outcome: CaseOutcome): string {
  if ('error' in outcome) return `${outcome.case}\terror\t${outcome.error.message}`
  const score = outcome.score === null ? '' : outcome.score.toFixed(3)
  return [outcome.case, outcome.tier ?? outcome.model, score, outcome.reason ?? ''].join('\t')
}
