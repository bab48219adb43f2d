import { IconChevronRight } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { TierChip } from '../../components/tier-chip.tsx'
import { type RouterSettings, type Tier, tierOrder } from '../../contract.ts'
import { formatScore } from '../../format/figures.ts'
import type { SavedRouter } from '../../state/router-edits.ts'
import { strings } from '../../strings.ts'

const words = strings.routerEditor.rules

export interface RulesProps {
  readonly settings: RouterSettings
  readonly saved: SavedRouter
  readonly now: SavedRouter
  readonly fixed: boolean
  readonly onNoSignal: (tier: Tier | null) => void
}

/** What decides before the score does. */
export function Rules({ settings, saved, now, fixed, onNoSignal }: RulesProps) {
  const { reasoningOverrideMinScore: least, defaultModel } = settings
  const edited = now.noSignalTier !== saved.noSignalTier
  return (
    <section className="part">
      <header className="part-head">
        <h2>{words.title}</h2>
        <span>{words.note}</span>
      </header>
      <Rule name={least === null ? words.reasoning : words.reasoningFrom(formatScore(least))}>
        <TierChip tier="REASONING" />
      </Rule>
      <Rule name={words.noText}>
        <span className="quiet">{defaultModel ?? words.noTextTier}</span>
      </Rule>
      <Rule name={words.noSignal}>
        <select
          className={edited ? 'input rule-choice field-edited' : 'input rule-choice'}
          aria-label={words.noSignalLabel}
          value={now.noSignalTier ?? ''}
          disabled={fixed}
          onChange={(event) => onNoSignal(tierOrder.find((tier) => tier === event.target.value) ?? null)}
        >
          <option value="">{words.byScore}</option>
          {tierOrder.map((tier) => (
            <option key={tier} value={tier}>
              {tier}
            </option>
          ))}
        </select>
        {edited && <span className="under">{strings.routerEditor.was(saved.noSignalTier ?? words.byScore)}</span>}
      </Rule>
    </section>
  )
}

function Rule({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="rule">
      <span>{name}</span>
      <IconChevronRight size={14} stroke={1.4} aria-hidden="true" />
      {children}
    </div>
  )
}
