import type { ConfigProblem } from '../../contract.ts'
import { excerptOf, withNearest } from '../../state/config-draft.ts'
import { strings } from '../../strings.ts'

const words = strings.settingsPage.config

export interface ConfigProblemsProps {
  readonly text: string
  readonly problems: readonly ConfigProblem[]
  /** True while an earlier version of the file runs. */
  readonly refused: boolean
  readonly onGo: (line: number, column: number) => void
  readonly onReplace: (problem: ConfigProblem) => void
}

/** What is wrong with the text: the lines around the first problem, then a line each with its place and, where one is known, its cure. */
export function ConfigProblems({ text, problems, refused, onGo, onReplace }: ConfigProblemsProps) {
  const [first] = problems
  if (first === undefined) return null
  return (
    <div className="config-problems">
      {refused && <p className="config-refused">{words.refused}</p>}
      <pre className={`excerpt excerpt-${first.severity}`} aria-hidden="true">
        {excerptOf(text, first).map((line) => (
          <span key={line.number} className={line.isProblem ? 'excerpt-line excerpt-problem' : 'excerpt-line'}>
            <span className="diff-number">{line.number}</span>
            {line.text}
            {'\n'}
          </span>
        ))}
      </pre>
      <ul>
        {problems.map((problem) => (
          <li
            key={`${problem.line}:${problem.column}:${problem.path}:${problem.message}`}
            className={`problem problem-${problem.severity}`}
          >
            <Place problem={problem} onGo={onGo} />
            <span className="problem-message">{problem.message}</span>
            {problem.nearest !== null && withNearest(text, problem) !== undefined && (
              <button type="button" className="link" onClick={() => onReplace(problem)}>
                {words.write(problem.nearest)}
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Place({
  problem: { line, column },
  onGo,
}: {
  readonly problem: ConfigProblem
  readonly onGo: ConfigProblemsProps['onGo']
}) {
  if (line === null) return <span className="problem-place" />
  const place = column === null ? String(line) : `${line}:${column}`
  return (
    <button
      type="button"
      className="problem-place link"
      aria-label={words.goTo(place)}
      onClick={() => onGo(line, column ?? 1)}
    >
      <code>{place}</code>
    </button>
  )
}
