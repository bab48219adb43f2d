import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useId, useRef, useState } from 'react'
import { ControlError } from '../../gateway/contract/control-client.ts'
import { ScoreWaterfall } from '../components/score-waterfall.tsx'
import { TierChip } from '../components/tier-chip.tsx'
import type { Explanation, RouterView } from '../contract.ts'
import { formatScore } from '../format/figures.ts'
import { markFiredWords } from '../format/fired-words.ts'
import { describePlace, zoneOf } from '../format/score-place.ts'
import { useSurroundings } from '../state/live-context.tsx'
import { strings } from '../strings.ts'
import { ruleSentence } from './why-tier.tsx'

const settleMs = 100

/** A text box that shows what the router would decide. Nothing is sent to a model. */
export function TryPrompt({ router }: { readonly router: RouterView }) {
  const [prompt, setPrompt] = useState('')
  const [settled] = useDebouncedValue(prompt, settleMs)
  const problemId = useId()
  const explanation = useExplanation(router, settled)
  const shown = settled.trim() === '' ? undefined : explanation.data
  const words = shown?.dimensions.flatMap((dimension) => dimension.fired) ?? []
  const reason = explanation.error instanceof ControlError ? explanation.error.message : strings.routers.noAnswer
  const failed = explanation.isError && settled.trim() !== ''
  return (
    <section className="try-prompt">
      <header className="part-head">
        <h2>{strings.explain.title}</h2>
        <span>{strings.explain.note}</span>
      </header>
      <PromptField prompt={prompt} words={words} onChange={setPrompt} describedBy={failed ? problemId : undefined} />
      {failed && (
        <p id={problemId} className="field-error" role="alert">
          {strings.explain.failed(reason)}
        </p>
      )}
      {!failed && shown === undefined && <p className="quiet">{strings.explain.empty}</p>}
      {!failed && shown !== undefined && <Decision explanation={shown} />}
    </section>
  )
}

function useExplanation(router: RouterView, prompt: string) {
  const { client } = useSurroundings()
  return useQuery({
    queryKey: ['explain', router.name, router.position, prompt],
    queryFn: () =>
      client.explain({
        model: router.name,
        body: { model: router.name, messages: [{ role: 'user', content: prompt }] },
      }),
    enabled: prompt.trim() !== '',
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
}

interface PromptFieldProps {
  readonly prompt: string
  readonly words: readonly string[]
  readonly onChange: (prompt: string) => void
  readonly describedBy: string | undefined
}

/** A text area over its own text in invisible ink, so that the words that fired can be underlined. */
function PromptField({ prompt, words, onChange, describedBy }: PromptFieldProps) {
  const backdrop = useRef<HTMLDivElement>(null)
  return (
    <div className="prompt-field">
      <div ref={backdrop} className="prompt-ink" aria-hidden="true">
        {markFiredWords(prompt, words).map((part) =>
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

function Decision({ explanation }: { readonly explanation: Explanation }) {
  const { tier, wantedTier, score, boundaries, reason } = explanation
  const answering = explanation.candidates[0]?.model
  const scored = score !== null && boundaries !== null && tier !== null
  return (
    <>
      <div className="decision" aria-live="polite">
        <TierChip tier={tier} />
        {score !== null && <strong>{formatScore(score)}</strong>}
        {scored && <span className="quiet">{describePlace(score, boundaries)}</span>}
        {answering !== undefined && <span className="quiet decision-model">{answering}</span>}
      </div>
      {wantedTier !== null && tier !== null && wantedTier !== tier && (
        <p className="warning-line">{strings.why.moved(wantedTier, tier)}</p>
      )}
      {explanation.cause !== null && explanation.cause !== 'score' && (
        <p className="part-text">{ruleSentence(reason)}</p>
      )}
      {scored && (
        <ScoreWaterfall
          steps={explanation.dimensions.map((dimension) => ({
            name: dimension.name,
            adds: dimension.weighted,
            words: dimension.fired,
          }))}
          score={score}
          tier={zoneOf(score, boundaries)}
          boundaries={boundaries}
        />
      )}
      {explanation.skipped.map((skipped) => (
        <p key={`${skipped.model}:${skipped.reason}`} className="under">
          {strings.explain.skipped(skipped.model, skipped.reason)}
        </p>
      ))}
      {explanation.warnings.map((warning) => (
        <p key={warning} className="warning-line">
          {warning}
        </p>
      ))}
    </>
  )
}
