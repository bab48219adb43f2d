import type { Attempt, RequestView } from '../../contract.ts'
import { axisLength, layoutAttempt } from '../../format/attempt-line.ts'
import { formatDuration } from '../../format/duration.ts'
import { formatCount } from '../../format/figures.ts'
import { formatExactMoney, formatMoney } from '../../format/money.ts'
import { strings } from '../../strings.ts'

const words = strings.attempts

/** Each try on one time axis: what it waited for, how it ended, and what it cost by itself. */
export function Attempts({ request }: { readonly request: RequestView }) {
  const { attempts } = request
  const length = axisLength(attempts)
  return (
    <section className="part">
      <header className="part-head">
        <h3>{words.title}</h3>
        <span>{attempts.length === 0 ? words.none : formatCount(attempts.length)}</span>
      </header>
      <ol className="attempts">
        {attempts.map((attempt, index) => (
          <AttemptLine
            key={`${attempt.deploymentId}:${attempt.startedMs}`}
            attempt={attempt}
            index={index}
            request={request}
          />
        ))}
      </ol>
      {attempts.length > 0 && (
        <p className="attempt attempt-scale under" aria-hidden="true">
          <span className="attempt-ticks">
            <span>0</span>
            <span>{formatDuration(length / 2)}</span>
            <span>{formatDuration(length)}</span>
          </span>
        </p>
      )}
    </section>
  )
}

interface AttemptLineProps {
  readonly attempt: Attempt
  readonly index: number
  readonly request: RequestView
}

function AttemptLine({ attempt, index, request }: AttemptLineProps) {
  const answered = attempt.outcome === 'answered'
  const tier = (request.tier ?? 'DIRECT').toLowerCase()
  const status = attempt.status === null ? '' : `${attempt.status}, `
  const notes = attemptNotes(attempt)
  return (
    <li className="attempt">
      <span className="name" title={attempt.model}>
        {attempt.model}
      </span>
      <span className={`attempt-axis tier-${tier}`} aria-hidden="true">
        {layoutAttempt(request.attempts, index, request.firstTokenMs).map((span) => (
          <span
            key={span.kind}
            className={`attempt-bar attempt-${span.kind}`}
            style={{ left: `${span.left}%`, width: `max(3px, ${span.width}%)` }}
          />
        ))}
      </span>
      <span className="attempt-words">
        {status}
        {answered ? words.answered : attempt.outcome}, {formatDuration(attempt.durationMs)}
      </span>
      {notes.length > 0 && (
        <span
          className="attempt-notes under"
          title={attempt.costNanoUsd === undefined ? undefined : formatExactMoney(attempt.costNanoUsd)}
        >
          {notes.join(' · ')}
        </span>
      )}
    </li>
  )
}

function attemptNotes({ reason, seam, costNanoUsd, estimated }: Attempt): readonly string[] {
  const notes: string[] = []
  if (reason !== undefined) notes.push(reason)
  if (seam !== undefined) notes.push(words.seam(seam))
  if (costNanoUsd !== undefined) {
    const money = formatMoney(costNanoUsd)
    notes.push(estimated === true ? words.costAbout(money) : words.cost(money))
  }
  return notes
}
