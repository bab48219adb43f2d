import { TierShape } from '../../components/tier-shape.tsx'
import type { RequestStory } from '../../contract.ts'
import { formatShare } from '../../format/figures.ts'
import { formatExactMoney, formatMoney } from '../../format/money.ts'
import { strings } from '../../strings.ts'

const words = strings.activity.sameTokens

type SameTokensView = NonNullable<RequestStory['sameTokens']>
type TierCost = SameTokensView['tiers'][number]

/** What these tokens would have cost on each tier: every one, since the top tier can be the cheaper one. */
export function SameTokens({ same }: { readonly same: SameTokensView }) {
  const most = Math.max(1, ...same.tiers.map(({ costNanoUsd }) => costNanoUsd ?? 0))
  return (
    <section className="part">
      <header className="part-head">
        <h3 title={same.compares}>{words.title}</h3>
      </header>
      <ul className="story-lines">
        {same.tiers.map((tier) => (
          <li key={tier.tier} className={`same tier-${tier.tier.toLowerCase()}${tier.chosen ? ' same-chosen' : ''}`}>
            <TierShape tier={tier.tier} label={tier.tier} />
            <span className="same-model" title={tier.model}>
              {tier.model}
            </span>
            <SameBar model={tier.model} share={(tier.costNanoUsd ?? 0) / most} />
            <span className="same-cost" title={exactCost(tier)}>
              {costText(tier)}
            </span>
          </li>
        ))}
      </ul>
      <p className="under same-note">{same.compares}</p>
    </section>
  )
}

function SameBar({ model, share }: { readonly model: string; readonly share: number }) {
  const naming = { role: 'img', 'aria-label': words.bar(model, formatShare(share)) }
  return (
    <svg className="same-bar" {...naming}>
      <rect className="bar-track" width="100%" height="100%" rx="2" />
      <rect className="same-fill" width={`${share * 100}%`} height="100%" rx="2" />
    </svg>
  )
}

function costText({ costNanoUsd, billing }: TierCost): string {
  return words.billing[billing] ?? (costNanoUsd === null ? words.unknown : formatMoney(costNanoUsd))
}

function exactCost({ costNanoUsd }: TierCost): string | undefined {
  return costNanoUsd === null ? undefined : formatExactMoney(costNanoUsd)
}
