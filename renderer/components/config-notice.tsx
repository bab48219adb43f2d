import { IconAlertTriangle, IconX } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { ConfigProblem, GatewayStatus } from '../contract.ts'
import { strings } from '../strings.ts'

const gravity = { error: 0, warning: 1, note: 2 }
const baseName = (path: string) => path.split(/[\\/]/).at(-1) ?? path

/** What the config's last read found, as one line that opens to the list. Warnings can be put away until the next edit. */
export function ConfigNotice({ config }: { readonly config: GatewayStatus['config'] }) {
  const [open, setOpen] = useState(false)
  const [putAway, setPutAway] = useState<string>()
  const listId = useId()
  const problems = shownProblems(config)
  const restart = config.restartNeeded.length > 0 ? strings.config.restart(config.restartNeeded.join(', ')) : undefined
  const nothing = problems.length === 0 && restart === undefined
  if (nothing || (!config.refused && putAway === config.revision)) return null
  return (
    <section className={`notice ${config.refused ? 'notice-error' : 'notice-warning'}`}>
      <div className="notice-line">
        <IconAlertTriangle size={16} stroke={1.4} aria-hidden="true" />
        <p className="notice-text">
          <strong>{headline(config, problems, restart)}</strong>
          {config.refused && <span className="notice-note">{strings.config.refusedNote}</span>}
        </p>
        {problems.length > 0 && (
          <button
            type="button"
            className="link"
            aria-expanded={open}
            aria-controls={open ? listId : undefined}
            onClick={() => setOpen(!open)}
          >
            {open ? strings.config.hide : strings.config.show}
          </button>
        )}
        {!config.refused && (
          <button
            type="button"
            className="icon-button"
            aria-label={strings.close}
            onClick={() => setPutAway(config.revision)}
          >
            <IconX size={16} stroke={1.4} aria-hidden="true" />
          </button>
        )}
      </div>
      {open && (
        <div id={listId} className="problems">
          <ul>
            {problems.map((problem) => (
              <Problem key={`${problem.line}:${problem.column}:${problem.path}:${problem.message}`} problem={problem} />
            ))}
          </ul>
          <p className="under">{strings.config.checked}</p>
        </div>
      )}
    </section>
  )
}

function Problem({ problem }: { readonly problem: ConfigProblem }) {
  const place = problem.line === null ? '' : `${problem.line}${problem.column === null ? '' : `:${problem.column}`}`
  return (
    <li className={`problem problem-${problem.severity}`}>
      <code className="problem-place">{place}</code>
      <span className="problem-message">{problem.message}</span>
      {problem.nearest !== null && <span className="problem-nearest">{strings.config.nearest(problem.nearest)}</span>}
    </li>
  )
}

/** Errors alone while the file is refused, else warnings; notes are for `config check`. */
function shownProblems(config: GatewayStatus['config']): readonly ConfigProblem[] {
  const wanted = config.refused ? 'error' : 'warning'
  const shown = config.problems.filter((problem) => problem.severity === wanted)
  const all = shown.length > 0 || !config.refused ? shown : config.problems
  return [...all].sort((one, other) => gravity[one.severity] - gravity[other.severity])
}

function headline(config: GatewayStatus['config'], problems: readonly ConfigProblem[], restart?: string): string {
  const file = baseName(config.path)
  if (config.refused) return strings.config.refused(file, problems.length)
  if (problems.length === 0) return restart ?? ''
  const warned = strings.config.warned(file, problems.length)
  return restart === undefined ? warned : `${restart}, ${strings.config.more(problems.length)}`
}
