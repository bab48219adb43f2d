import { useQuery } from '@tanstack/react-query'
import { IconArrowLeft, IconX } from '@tabler/icons-react'
import { useEffect } from 'react'
import { CopyButton } from '../../components/copy-button.tsx'
import { TierChip } from '../../components/tier-chip.tsx'
import type { RequestStory, RequestView } from '../../contract.ts'
import { failureReason } from '../../state/failure-reason.ts'
import { formatCount } from '../../format/figures.ts'
import { formatDuration } from '../../format/duration.ts'
import { formatClock, formatStamp } from '../../format/time.ts'
import { useElapsed, useLive, useSurroundings } from '../../state/live-context.tsx'
import {
  costFigure,
  durationText,
  hasFailed,
  moneyFigure,
  shownModel,
  wasStopped,
} from '../../state/request-figures.ts'
import { strings } from '../../strings.ts'
import { Attempts } from './attempts.tsx'
import { Details, SessionLine, Tokens } from './request-parts.tsx'
import { Candidates } from './candidates.tsx'
import { SameTokens } from './same-tokens.tsx'
import { WhyTier } from './why-tier.tsx'
import { WrongTier } from './wrong-tier.tsx'

const againMs = 500
const mostReads = 10

export interface RequestPageProps {
  readonly id: string
  readonly onClose: () => void
  /** It stands in place of the list, so closing is going back. */
  readonly covering: boolean
}

/**
 * One request told in full: what answered and for how much, why this tier, which candidates and why not, the same tokens
 * on each tier, attempts, session, tokens.
 */
export function RequestPage({ id, onClose, covering }: RequestPageProps) {
  const { request, story, problem } = useRequest(id)
  useEscape(onClose)
  const Icon = covering ? IconArrowLeft : IconX
  const close = (
    <button
      type="button"
      className="icon-button"
      aria-label={covering ? strings.back : strings.close}
      onClick={onClose}
    >
      <Icon size={16} stroke={1.4} aria-hidden="true" />
    </button>
  )
  return (
    <section className="request-page" aria-label={request === undefined ? strings.requests.title : shownModel(request)}>
      {covering && close}
      {request === undefined ? (
        <div className="request-head">
          <p className="quiet request-title">{problem}</p>
          {!covering && close}
        </div>
      ) : (
        <>
          <RequestHead request={request} story={story} close={covering ? null : close} />
          <Facts request={request} />
          <WhyTier request={request} why={story?.why ?? null} />
          <div className="request-columns">
            {story !== undefined && story.candidates.length > 0 && <Candidates candidates={story.candidates} />}
            {story !== undefined && story.sameTokens !== null && <SameTokens same={story.sameTokens} />}
          </div>
          <Attempts request={request} />
          <div className="request-columns">
            <SessionLine request={request} summary={story?.sessionSummary ?? null} />
            <Tokens request={request} />
          </div>
          <Details request={request} />
        </>
      )}
    </section>
  )
}

interface FoundRequest {
  readonly request: RequestView | undefined
  /** What only the gateway knows of it; undefined while it runs and until it was read. */
  readonly story: RequestStory | undefined
  /** Why there is nothing to show. */
  readonly problem: string | undefined
}

/** The request from the live list, else from the gateway, which also tells the story of one that has ended. */
function useRequest(id: string): FoundRequest {
  const { client } = useSurroundings()
  const live = useLive().requests.find((request) => request.id === id)
  const query = useQuery({
    queryKey: ['request', id],
    queryFn: () => client.request(id),
    enabled: live?.phase !== 'running',
    // One that has just ended is in the ledger a moment later.
    refetchInterval: ({ state }) =>
      live !== undefined &&
      state.data?.phase !== 'finished' &&
      state.dataUpdateCount + state.errorUpdateCount < mostReads
        ? againMs
        : false,
  })
  const story = query.data?.phase === 'finished' ? query.data : undefined
  return {
    request: live ?? query.data,
    story,
    problem: live === undefined && query.isError ? whyNotFound(query.error) : undefined,
  }
}

function whyNotFound(error: unknown): string {
  const isUnknown = (error as { status?: unknown }).status === 404
  return isUnknown ? strings.requests.noSuchId : strings.requests.unread(failureReason(error))
}

function useEscape(onEscape: () => void) {
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onEscape()
    }
    window.addEventListener('keydown', handle)
    return () => window.removeEventListener('keydown', handle)
  }, [onEscape])
}

interface RequestHeadProps {
  readonly request: RequestView
  readonly story: RequestStory | undefined
  readonly close: React.ReactNode
}

function RequestHead({ request, story, close }: RequestHeadProps) {
  const summary = story?.sessionSummary ?? null
  const turn = summary === null ? null : strings.activity.session.turn(summary.turn, summary.turns)
  const origin = [request.agent ?? strings.requests.noAgent, request.router, turn].filter((part) => part !== null)
  return (
    <header className="request-head">
      <div className="request-title">
        <TierChip tier={request.tier} />
        <h2>{shownModel(request)}</h2>
        <p className="under">
          <span title={formatStamp(request.startedAt)}>{formatClock(request.startedAt)}</span>
          {` · ${origin.join(' · ')}`}
        </p>
      </div>
      {story !== undefined && (story.canLabel || story.label !== null) && <WrongTier story={story} />}
      <CopyButton value={request.id} label={strings.copy.callId} withLabel />
      {close}
    </header>
  )
}

function Facts({ request }: { readonly request: RequestView }) {
  const elapsed = useElapsed(request.startedAt, request.phase === 'running')
  const cost = request.phase === 'running' ? costFigure(request) : moneyFigure(request)
  const { usage, firstTokenMs } = request
  const tokens = (count: number | undefined) => (count === undefined ? '\u2013' : formatCount(count))
  const label = hasFailed(request)
    ? strings.requests.failed
    : wasStopped(request)
      ? strings.requests.stopped
      : cost.label
  return (
    <dl className="facts">
      <Fact name={strings.facts.cost} value={cost.text} hint={cost.hint} label={label} failed={hasFailed(request)} />
      <Fact name={strings.facts.took} value={durationText(request, elapsed)} />
      <Fact name={strings.facts.firstToken} value={firstTokenMs === null ? '\u2013' : formatDuration(firstTokenMs)} />
      <Fact name={strings.facts.input} value={tokens(usage?.inputTokens)} hint={strings.tokens.title} />
      <Fact name={strings.facts.output} value={tokens(usage?.outputTokens)} hint={strings.tokens.title} />
    </dl>
  )
}

interface FactProps {
  readonly name: string
  readonly value: string
  readonly hint?: string | undefined
  readonly label?: string | undefined
  readonly failed?: boolean
}

function Fact({ name, value, hint, label, failed = false }: FactProps) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd title={hint}>
        {value}
        {label !== undefined && <span className={failed ? 'fact-label cost-error' : 'fact-label'}> {label}</span>}
      </dd>
    </div>
  )
}
