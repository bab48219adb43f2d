import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useId, useRef, useState } from 'react'
import type { RouterDraft } from '../../../gateway/contract/router-draft.ts'
import { Bar } from '../../components/bar.tsx'
import { TierChip } from '../../components/tier-chip.tsx'
import type { Explanation, RouterView } from '../../contract.ts'
import { formatContribution, formatScore } from '../../format/figures.ts'
import { markFiredWords } from '../../format/fired-words.ts'
import { describePlace } from '../../format/score-place.ts'
import { failureReason } from '../../state/failure-reason.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { strings } from '../../strings.ts'
import { ruleSentence } from '../activity/why-tier.tsx'

const settleMs = 80
const words = strings.routerEditor.tryPrompt

export interface TryPromptProps {
  readonly router: RouterView
  /** The edits that are not saved; undefined = none. */
  readonly draft: RouterDraft | undefined
}

/** A text box that shows what the router would decide, under saved and edited settings. Nothing is sent to a model. */
export function TryPrompt({ router, draft }: TryPromptProps) {
  const { client } = useSurroundings()
  const [prompt, setPrompt] = useState('')
  const [text] = useDebouncedValue(prompt, settleMs)
  const problemId = useId()
  const asked = text.trim() !== ''
  const trial = useQuery({
    queryKey: ['try', router.name, router.position, router.tiers, text, draft],
    queryFn: () => client.tryRouter(router.name, { text, ...(draft === undefined ? {} : { draft }) }),
    enabled: asked,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  const shown = asked ? trial.data : undefined
  const decided = shown?.edited ?? shown?.saved
  const failed = trial.isError && asked
  return (
    <section className="try-prompt">
      <header className="part-head">
        <h2>{strings.explain.title}</h2>
        <span>{strings.explain.note}</span>
      </header>
      <PromptField
        prompt={prompt}
        fired={decided?.dimensions.flatMap((dimension) => dimension.fired) ?? []}
        onChange={setPrompt}
        describedBy={failed ? problemId : undefined}
      />
      {failed && (
        <p id={problemId} className="field-error" role="alert">
          {strings.explain.failed(failureReason(trial.error))}
        </p>
      )}
      {!failed && decided === undefined && <p className="quiet">{strings.explain.empty}</p>}
      {!failed && decided !== undefined && (
        <Decision decided={decided} saved={shown?.edited === null ? undefined : shown?.saved} />
      )}
    </section>
  )
}

interface PromptFieldProps {
  readonly prompt: string
  readonly fired: readonly string[]
  readonly onChange: (prompt: string) => void
  readonly describedBy: string | undefined
}

/** A text area over its own text in invisible ink, so that the words that fired can be underlined. */
function PromptField({ prompt, fired, onChange, describedBy }: PromptFieldProps) {
  const backdrop = useRef<HTMLDivElement>(null)
  return (
    <div className="prompt-field">
      <div ref={backdrop} className="prompt-ink" aria-hidden="true">
        {markFiredWords(prompt, fired).map((part) =>
          part.fired ? <mark key={part.start}>{part.text}</mark> : <span key={part.start}>{part.text}</span>,
        )}
        {'\n'}
      </div>
      <textarea
        aria-label={strings.explain.label}
        aria-describedby={describedBy}
        placeholder={strings.explain.placeholder}
        rows={5}
        spellCheck={false}
        value={prompt}
        onChange={(event) => onChange(event.currentTarget.value)}
        onScroll={(event) => backdrop.current?.scrollTo({ top: event.currentTarget.scrollTop })}
      />
    </div>
  )
}

interface DecisionProps {
  readonly decided: Explanation
  /** What the saved settings give; undefined where nothing is edited. */
  readonly saved: Explanation | undefined
}

function Decision({ decided, saved }: DecisionProps) {
  const { tier, wantedTier, score, boundaries, cause, reason } = decided
  const answering = decided.candidates[0]?.model
  return (
    <>
      <div aria-live="polite">
        <div className="decision">
          <TierChip tier={tier} />
          {score !== null && (
            <strong title={boundaries === null ? undefined : describePlace(score, boundaries)}>
              {formatScore(score)}
            </strong>
          )}
          <span className="quiet decision-model">{answering ?? words.noModel}</span>
        </div>
        {saved !== undefined && (
          <div className="decision decision-saved quiet">
            {saved.tier === tier && saved.score === score && saved.candidates[0]?.model === answering ? (
              words.same
            ) : (
              <>
                {words.savedGives}
                <TierChip tier={saved.tier} />
                {saved.score !== null && formatScore(saved.score)}
                <span className="decision-model">{saved.candidates[0]?.model}</span>
              </>
            )}
          </div>
        )}
      </div>
      {wantedTier !== null && tier !== null && wantedTier !== tier && (
        <p className="warning-line">{strings.why.moved(wantedTier, tier)}</p>
      )}
      {cause !== null && cause !== 'score' && <p className="part-text">{ruleSentence(reason)}</p>}
      <Dimensions explanation={decided} />
      {decided.skipped.map((skipped) => (
        <p key={`${skipped.model}:${skipped.reason}`} className="under">
          {strings.explain.skipped(skipped.model, skipped.reason)}
        </p>
      ))}
      {decided.warnings.map((warning) => (
        <p key={warning} className="warning-line">
          {warning}
        </p>
      ))}
    </>
  )
}

/** Dimensions that add something, the strongest first, with the words that made them. */
function Dimensions({ explanation }: { readonly explanation: Explanation }) {
  const speaking = explanation.dimensions
    .filter(({ raw }) => raw !== 0)
    .toSorted((one, other) => Math.abs(other.weighted) - Math.abs(one.weighted))
  const most = Math.max(0.01, ...speaking.map(({ weighted }) => Math.abs(weighted)))
  if (speaking.length === 0) return null
  return (
    <table className="trial">
      <caption className="visually-hidden">{strings.explain.caption}</caption>
      <colgroup>
        <col className="trial-name" />
        <col />
        <col className="trial-weight" />
        <col className="trial-sum" />
      </colgroup>
      <tbody>
        {speaking.map(({ name, fired, weighted }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="trial-words" title={fired.join(', ')}>
              {fired.join(', ')}
            </td>
            <td className="trial-bar">
              <Bar neutral share={Math.abs(weighted) / most} label={formatContribution(weighted)} />
            </td>
            <td className="trial-adds">{formatContribution(weighted)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
