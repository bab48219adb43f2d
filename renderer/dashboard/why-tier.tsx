import { ScoreWaterfall } from '../components/score-waterfall.tsx'
import type { Boundaries, RequestView } from '../contract.ts'
import { formatScore } from '../format/figures.ts'
import { parseReason } from '../format/reason.ts'
import { describePlace } from '../format/score-place.ts'
import { useLive } from '../state/live-context.tsx'
import { shownModel } from '../state/request-figures.ts'
import { strings } from '../strings.ts'

/** Why this tier: the score as a sum over the router's boundaries, or the rule that came before it. */
export function WhyTier({ request }: { readonly request: RequestView }) {
  const router = useLive().routers.find((candidate) => candidate.name === request.router)
  const { tier, score } = request
  if (request.router === null || tier === null) return <NoRouter request={request} />
  const boundaries = router?.boundaries
  const place = score === null || boundaries === undefined ? undefined : describePlace(score, boundaries)
  return (
    <section className="part">
      <header className="part-head">
        <h3>{strings.why.heading(tier)}</h3>
        {score !== null && place !== undefined && <span>{strings.why.score(formatScore(score), place)}</span>}
      </header>
      <Proof request={request} boundaries={boundaries} />
    </section>
  )
}

function Proof({
  request,
  boundaries,
}: {
  readonly request: RequestView
  readonly boundaries: Boundaries | undefined
}) {
  const { tier, score, reason } = request
  const steps = parseReason(reason, score)
  if (steps === undefined || score === null || tier === null || boundaries === undefined) {
    return <p className="part-text">{ruleSentence(reason)}</p>
  }
  return (
    <ScoreWaterfall
      steps={steps.map((step) => ({ ...step, words: undefined }))}
      score={score}
      tier={tier}
      boundaries={boundaries}
    />
  )
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
