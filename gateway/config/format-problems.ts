import { relative } from 'node:path'
import type { ConfigProblem } from '../contract/status.ts'

const headings = { error: 'Errors', warning: 'Warnings', note: 'Notes' } as const

/**
 * Problems as text for a terminal: grouped by severity, one line each with file, line, column, the sentence and
 * the path of the value. `folder` shortens paths below it. An empty list gives an empty text; otherwise it ends with a line feed.
 */
export function formatProblems(problems: readonly ConfigProblem[], folder?: string): string {
  const groups = (['error', 'warning', 'note'] as const).map((severity) => {
    const lines = problems
      .filter((problem) => problem.severity === severity)
      .map((problem) => formatProblem(problem, folder))
    return lines.length === 0
      ? ''
      : `${headings[severity]} (${lines.length})\n${lines.map((line) => `  ${line}\n`).join('')}`
  })
  return groups.filter((group) => group !== '').join('\n')
}

/** One problem as one line: `config.yaml:84:25 medium_complex is the text "0,25", must be a number. Write 0.25 (model_list[3]…)`. */
export function formatProblem(problem: ConfigProblem, folder?: string): string {
  const file = folder === undefined ? problem.file : shorter(problem.file, folder)
  const place = problem.line === null ? file : `${file}:${problem.line}:${problem.column ?? 1}`
  const path = problem.path === '' || problem.message.includes(problem.path) ? '' : ` (${problem.path})`
  // One line each, whatever a file's names contain: a terminal must not be steered by them.
  return `${place} ${problem.message}${path}`.replaceAll(/\p{Cc}+/gu, ' ')
}

function shorter(file: string, folder: string): string {
  const short = relative(folder, file)
  return short === '' || short.startsWith('..') ? file : short
}
