import { useEffect } from 'react'
import type { RouterView } from '../../contract.ts'
import { useLive } from '../../state/live-context.tsx'
import { chainsOf, draftOf, editedRouter, noEdits, realEdits, type RouterEdits } from '../../state/router-edits.ts'
import { useRouterEditor } from '../../state/use-router-editor.ts'
import { strings } from '../../strings.ts'
import { BoundaryScale } from './boundary-scale.tsx'
import { RouterChanges } from './router-changes.tsx'
import { LastWeek } from './last-week.tsx'
import { Rules } from './rules.tsx'
import { TierChains } from './tier-chains.tsx'
import { TryPrompt } from './try-prompt.tsx'
import { Weights } from './weights.tsx'

export interface RouterEditorViewProps {
  readonly router: RouterView
  readonly edits: RouterEdits
  readonly onEdits: (edits: RouterEdits) => void
}

/** One router: on the left what it decides by, on the right a prompt to try and last week once more. */
export function RouterEditorView({ router, edits, onEdits }: RouterEditorViewProps) {
  const { connection } = useLive()
  const editor = useRouterEditor(router)
  const { settings, saved, outcome, forgetOutcome } = editor
  const change = (next: Partial<RouterEdits>) => {
    if (outcome !== undefined) forgetOutcome()
    onEdits({ ...edits, ...next })
  }
  // What is saved is no edit any more: else it would come back as one when the file changes later.
  const done = outcome?.kind === 'saved' && saved !== undefined && isNone(realEdits(saved, edits))
  useEffect(() => {
    if (done && edits !== noEdits) onEdits(noEdits)
  }, [done, edits, onEdits])
  const now = saved === undefined ? undefined : editedRouter(saved, edits)
  const fixed = settings === undefined || settings.place === null
  const draft = saved === undefined ? undefined : draftOf(saved, edits)
  return (
    <div className="router-detail">
      <div className="router-column">
        <div className="router-settings">
          <Notes router={router} problem={settings?.problem ?? null} />
          <TierChains
            router={router}
            chains={now?.tiers ?? chainsOf(router)}
            edited={saved === undefined ? {} : realEdits(saved, edits).tiers}
            fixed={fixed}
            onChange={(tier, chain) => change({ tiers: { ...edits.tiers, [tier]: chain } })}
          />
          <BoundaryScale
            saved={saved?.boundaries ?? router.boundaries}
            boundaries={now?.boundaries ?? router.boundaries}
            fixed={fixed}
            onChange={(name, value) => change({ boundaries: { ...edits.boundaries, [name]: value } })}
          />
          <Weights
            saved={saved?.weights}
            typed={edits.weights}
            fixed={fixed}
            problem={editor.problem}
            onAgain={editor.readAgain}
            onChange={(name, typed) => change({ weights: { ...edits.weights, [name]: typed } })}
          />
          {settings !== undefined && now !== undefined && saved !== undefined && (
            <Rules
              settings={settings}
              saved={saved}
              now={now}
              fixed={fixed}
              onNoSignal={(noSignalTier) => change({ noSignalTier })}
            />
          )}
        </div>
        {saved !== undefined && (
          <RouterChanges
            saved={saved}
            edits={edits}
            editor={editor}
            offline={connection !== 'live'}
            onRevert={() => {
              forgetOutcome()
              onEdits(noEdits)
            }}
          />
        )}
      </div>
      <div className="router-proof">
        <TryPrompt router={router} draft={draft} />
        <LastWeek router={router} draft={draft} />
      </div>
    </div>
  )
}

function Notes({ router, problem }: { readonly router: RouterView; readonly problem: string | null }) {
  const { position } = router
  return (
    <>
      {position.mode === 'pinned' && <p className="under">{strings.routerEditor.pinnedNote(position.tier)}</p>}
      {position.mode === 'off' && <p className="under">{strings.routerEditor.offNote}</p>}
      {router.warnings.map((warning) => (
        <p key={warning} className="warning-line">
          {warning}
        </p>
      ))}
      {problem !== null && <p className="under">{problem}</p>}
    </>
  )
}

function isNone({ tiers, boundaries, weights, noSignalTier }: RouterEdits): boolean {
  return noSignalTier === undefined && [tiers, boundaries, weights].every((part) => Object.keys(part).length === 0)
}
