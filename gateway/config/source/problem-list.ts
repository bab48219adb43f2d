import type { ConfigProblem } from '../../contract/status.ts'
import { hideKeys } from './describe.ts'
import type { Place } from './source-tree.ts'

export interface ProblemDetails {
  readonly place?: Place | undefined
  readonly path?: string | undefined
  readonly message: string
  readonly seen?: string | undefined
  readonly wanted?: string | undefined
  readonly nearest?: string | undefined
}

/** Gathers the problems of one file. A problem reached twice (through a YAML alias) is kept once. */
export interface ProblemList {
  error(details: ProblemDetails): void
  warning(details: ProblemDetails): void
  note(details: ProblemDetails): void
  /** Like the verbs above, but several with the same `topic` become one that names the other lines. */
  once(severity: ConfigProblem['severity'], topic: string, details: ProblemDetails): void
  /** In order of severity, then of place. */
  all(): ConfigProblem[]
}

const severityOrder = { error: 0, warning: 1, note: 2 } as const

/** Makes an empty list for the file at `file` (a path, shown as it is). */
export function createProblemList(file: string): ProblemList {
  const problems = new Map<string, ConfigProblem>()
  const topics = new Map<string, { problem: ConfigProblem; lines: Set<number> }>()

  function add(severity: ConfigProblem['severity'], details: ProblemDetails): void {
    const problem = toProblem(file, severity, details)
    const key = `${severity} ${problem.line}:${problem.column} ${problem.message}`
    if (!problems.has(key)) problems.set(key, problem)
  }

  return {
    error: (details) => add('error', details),
    warning: (details) => add('warning', details),
    note: (details) => add('note', details),
    once(severity, topic, details) {
      const known = topics.get(topic)
      if (known === undefined) {
        topics.set(topic, { problem: toProblem(file, severity, details), lines: new Set() })
      } else if (details.place !== undefined && details.place.line !== known.problem.line) {
        known.lines.add(details.place.line)
      }
    },
    all() {
      const gathered = [...topics.values()].map(({ problem, lines }) => ({
        ...problem,
        message: `${problem.message}${otherLines([...lines])}`,
      }))
      return sortProblems([...problems.values(), ...gathered])
    },
  }
}

/** Errors first, then warnings, then notes; each by file, line and column. */
export function sortProblems(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.toSorted(
    (left, right) =>
      severityOrder[left.severity] - severityOrder[right.severity] ||
      (left.line ?? 0) - (right.line ?? 0) ||
      (left.column ?? 0) - (right.column ?? 0),
  )
}

function toProblem(file: string, severity: ConfigProblem['severity'], details: ProblemDetails): ConfigProblem {
  return {
    severity,
    file,
    line: details.place?.line ?? null,
    column: details.place?.column ?? null,
    path: hideKeys(details.path ?? ''),
    // The interface sets each message as a line of its own: no full stop at the end.
    message: hideKeys(details.message.replace(/\.$/, '')),
    seen: details.seen === undefined ? null : hideKeys(details.seen),
    wanted: details.wanted ?? null,
    nearest: details.nearest ?? null,
  }
}

function otherLines(lines: readonly number[]): string {
  if (lines.length === 0) return ''
  const shown = lines.slice(0, 5).join(', ')
  const rest = lines.length > 5 ? ` and ${lines.length - 5} more` : ''
  return ` (also on line${lines.length === 1 ? '' : 's'} ${shown}${rest})`
}
