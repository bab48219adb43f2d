import { CopyButton } from '../../components/copy-button.tsx'
import { TierShape } from '../../components/tier-shape.tsx'
import type { RequestStory, RequestView } from '../../contract.ts'
import { formatCount } from '../../format/figures.ts'
import { formatMoney } from '../../format/money.ts'
import { useLive } from '../../state/live-context.tsx'
import { shownModel } from '../../state/request-figures.ts'
import { openPage } from '../../state/use-page.ts'
import { strings } from '../../strings.ts'

/** Tokens as one bar, input and output, and what of them was cached, written to the cache or reasoned. */
export function Tokens({ request }: { readonly request: RequestView }) {
  const words = strings.tokens
  const { usage } = request
  return (
    <section className="part">
      <header className="part-head">
        <h3>{words.title}</h3>
      </header>
      {usage === null ? (
        <p className="part-text">{request.phase === 'running' ? strings.why.undecided : strings.requests.noUsage}</p>
      ) : (
        <>
          <div className="token-bar" aria-hidden="true">
            <span className="token-cached" style={{ flexGrow: usage.cachedTokens }} />
            <span className="token-input" style={{ flexGrow: Math.max(0, usage.inputTokens - usage.cachedTokens) }} />
            <span className="token-output" style={{ flexGrow: usage.outputTokens }} />
          </div>
          <p className="token-words">
            <span>{words.cached(formatCount(usage.cachedTokens))}</span>
            <span>{words.input(formatCount(usage.inputTokens))}</span>
            <span>{words.output(formatCount(usage.outputTokens))}</span>
          </p>
          {usage.cacheWriteTokens > 0 && (
            <p className="under">{words.cacheWrite(formatCount(usage.cacheWriteTokens))}</p>
          )}
          {usage.reasoningTokens > 0 && <p className="under">{words.reasoning(formatCount(usage.reasoningTokens))}</p>}
        </>
      )}
    </section>
  )
}

export interface SessionLineProps {
  readonly request: RequestView
  /** Of the whole session; null = not known. */
  readonly summary: RequestStory['sessionSummary']
}

/** The session: how many turns and how much money, and those turns that are in the list, oldest first, as shapes. */
export function SessionLine({ request, summary }: SessionLineProps) {
  const requests = useLive().requests.filter((other) => other.session !== null && other.session === request.session)
  if (request.session === null) return null
  const cost = requests.reduce((sum, other) => sum + (other.priceSource === 'demo' ? 0 : (other.costNanoUsd ?? 0)), 0)
  return (
    <section className="part">
      <header className="part-head">
        <h3>{strings.sessionTitle}</h3>
        <span>
          {summary === null
            ? `${strings.sessionTurns(requests.length)}${cost > 0 ? `, ${formatMoney(cost)}` : ''}`
            : `${strings.turns(summary.turns)}, ${formatMoney(summary.billedNanoUsd)}`}
        </span>
      </header>
      <div className="session-turns">
        {requests.toReversed().map((other) => (
          <button
            key={other.id}
            type="button"
            className="session-turn"
            aria-current={other.id === request.id}
            aria-label={`${other.tier ?? strings.requests.direct}, ${shownModel(other)}`}
            onClick={() => openPage({ name: 'activity', requestId: other.id }, true)}
          >
            <TierShape tier={other.tier ?? 'DIRECT'} />
          </button>
        ))}
      </div>
    </section>
  )
}

/** What else is known, and the identifiers to copy. */
export function Details({ request }: { readonly request: RequestView }) {
  const words = strings.details
  const status = [request.status, request.errorCode].filter((part) => part !== null).join(' ')
  return (
    <section className="part">
      <header className="part-head">
        <h3>{words.title}</h3>
      </header>
      <dl className="details">
        <Detail name={words.asked} value={request.askedModel} />
        <Detail name={words.provider} value={request.provider} />
        <Detail name={words.key} value={request.keyAlias} />
        <Detail name={words.status} value={status} />
        <Detail name={strings.sessionTitle} value={request.session} copy={strings.copy.session} />
        <Detail name={words.callId} value={request.id} />
      </dl>
      {request.warnings.map((warning) => (
        <p key={warning} className="warning-line">
          {warning}
        </p>
      ))}
    </section>
  )
}

function Detail({
  name,
  value,
  copy,
}: {
  readonly name: string
  readonly value: string | null
  readonly copy?: string
}) {
  if (value === null || value === '') return null
  return (
    <div className="detail">
      <dt>{name}</dt>
      <dd>
        <span className="detail-value">{value}</span>
        {copy !== undefined && <CopyButton value={value} label={copy} />}
      </dd>
    </div>
  )
}
