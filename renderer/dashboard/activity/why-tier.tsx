import { type ScoreStep, ScoreWaterfall } from '../../components/score-waterfall.tsx'
import type { Boundaries, RequestStory, RequestView } from '../../contract.ts'
import { formatScore } from '../../format/figures.ts'
import { parseReason } from '../../format/reason.ts'
import { describePlace, zoneOf } from '../../format/score-place.ts'
import { useLive } from '../../state/live-context.tsx'
import { shownModel } from '../../state/request-figures.ts'
import { strings } from '../../strings.ts'

export interface WhyTierProps {
  readonly request: RequestView
  /** The score taken apart again; null where the gateway has none (yet). */
  readonly why: RequestStory['why']
}

/** Why this tier: the score as a sum over the router's boundaries, or the rule that came before it. */
export function WhyTier({ request, why }: WhyTierProps) {
  const router = useLive().routers.find((candidate) => candidate.name === request.router)
  const { tier, score } = request
  if (request.router === null || tier === null) return <NoRouter request={request} />
  const boundaries = why?.boundaries ?? router?.boundaries
  const place = score === null || boundaries === undefined ? undefined : describePlace(score, boundaries)
  return (
    <section className="part">
      <header className="part-head">
        <h3>{strings.why.heading(tier)}</h3>
        {score !== null && place !== undefined && <span>{strings.why.score(formatScore(score), place)}</span>}
      </header>
      <Proof request={request} why={why} boundaries={boundaries} />
      {why?.settings === 'changed' && <p className="under">{strings.activity.changedSettings}</p>}
      {why?.settings === 'gone' && <p className="under">{strings.activity.goneRouter}</p>}
    </section>
  )
}

function Proof({ request, why, boundaries }: WhyTierProps & { readonly boundaries: Boundaries | undefined }) {
  const { tier, reason } = request
  const steps = why === null || why.dimensions.length === 0 ? stepsOfReason(request) : stepsOfStory(why)
  const score = why !== null && why.settings === 'changed' ? why.score : request.score
  const byRule = why !== null && why.cause !== null && why.cause !== 'score'
  if (steps === undefined || score === null || tier === null || boundaries === undefined || byRule) {
    return <p className="part-text">{ruleSentence(reason)}</p>
  }
  return <ScoreWaterfall steps={steps} score={score} tier={zoneOf(score, boundaries)} boundaries={boundaries} />
}

function stepsOfReason({ reason, score }: RequestView): readonly ScoreStep[] | undefined {
  return parseReason(reason, score)?.map((step) => ({ ...step, words: undefined }))
}

/** Strongest first; those that found nothing last, in their own order. */
function stepsOfStory({ dimensions }: NonNullable<RequestStory['why']>): readonly ScoreStep[] {
  return dimensions
    .toSorted((one, other) => Math.abs(other.weighted) - Math.abs(one.weighted))
    .map(({ name, weighted, fired }) => ({ name, adds: weighted, words: fired }))
}

function NoRouter({ request }: { readonly request: RequestView }) {
  return (
    <section className="part">
      <header className="part-head">
        <h3>{strings.why.direct}</h3>
      </header>
      <p className="part-text">
        {request.router === null ? strings.why.directText(shownModel(request)) : strings.why.undecided}
      </p>
    </section>
  )
}

/** The sentence for a rule that decided in place of the score; a reason we do not know is shown as it came. */
export function ruleSentence(reason: string | null): string {
  return reason === null ? strings.why.undecided : (strings.why.rules[reason] ?? reason)
}
