import { useQuery } from '@tanstack/react-query'
import { IconChevronRight } from '@tabler/icons-react'
import { Fragment } from 'react'
import { TierChip } from '../../components/tier-chip.tsx'
import { type ModelView, type RouterView, type Tier, tierOrder } from '../../contract.ts'
import { chainText } from '../../state/router-changes.ts'
import { formatPrice } from '../../format/price.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { strings } from '../../strings.ts'
import { AddModel } from './add-model.tsx'
import { ChainModel } from './chain-model.tsx'

const words = strings.routerEditor

export interface TierChainsProps {
  readonly router: RouterView
  readonly chains: Readonly<Record<Tier, readonly string[]>>
  /** The tiers that were changed. */
  readonly edited: Readonly<Partial<Record<Tier, readonly string[]>>>
  /** True where nothing can be edited. */
  readonly fixed: boolean
  readonly onChange: (tier: Tier, chain: readonly string[]) => void
}

/** The four tiers, each a chain of models: the first that is up answers. */
export function TierChains({ router, chains, edited, fixed, onChange }: TierChainsProps) {
  const { client } = useSurroundings()
  const models = useQuery({ queryKey: ['models'], queryFn: () => client.models(), select: ({ models: all }) => all })
  const named = new Map(models.data?.map((model) => [model.name, model]))
  const usable = models.data?.filter(({ kind }) => kind !== 'router').map(({ name }) => name)
  const waiting = new Set(
    router.tiers.flatMap((tier) => tier.models.flatMap(({ name, state }) => (state === 'waiting' ? [name] : []))),
  )
  const before = (tier: Tier) => router.tiers.find((view) => view.tier === tier)?.models.map(({ name }) => name) ?? []
  return (
    <section className="part">
      <header className="part-head part-head-wide">
        <h2>{strings.routers.tiersTitle}</h2>
        <span>{strings.routers.tiersNote}</span>
        <span className="under part-end">{words.perMillion}</span>
      </header>
      {tierOrder.map((tier) => (
        <div key={tier} className={edited[tier] === undefined ? 'tier-line' : 'tier-line tier-line-edited'}>
          <span className="tier-column">
            <TierChip tier={tier} />
          </span>
          <div className="chain">
            {chains[tier].length === 0 && <span className="quiet chain-none">{strings.routers.noModel}</span>}
            {chains[tier].map((name, place) => (
              <Fragment key={name}>
                {place > 0 && <IconChevronRight size={14} stroke={1.4} aria-hidden="true" />}
                <ChainModel
                  name={name}
                  place={place}
                  count={chains[tier].length}
                  model={named.get(name)}
                  waiting={waiting.has(name)}
                  fixed={fixed}
                  onMove={(to) => onChange(tier, moved(chains[tier], place, to))}
                  onRemove={() => onChange(tier, chains[tier].toSpliced(place, 1))}
                />
              </Fragment>
            ))}
            {!fixed && (
              <AddModel
                tier={tier}
                models={usable}
                taken={chains[tier]}
                onAdd={(name) => onChange(tier, [...chains[tier], name])}
              />
            )}
            {edited[tier] !== undefined && (
              <span className="under chain-was">{words.was(chainText(before(tier)))}</span>
            )}
          </div>
          <Prices models={chains[tier].map((name) => named.get(name))} known={models.data !== undefined} />
        </div>
      ))}
    </section>
  )
}

/** Prices of the first two of a chain; the others come last anyhow. */
function Prices({ models, known }: { readonly models: readonly (ModelView | undefined)[]; readonly known: boolean }) {
  return (
    <span className="tier-prices under">
      {known && models.slice(0, 2).map((model, place) => <span key={model?.name ?? place}>{priceWords(model)}</span>)}
    </span>
  )
}

function priceWords(model: ModelView | undefined): string {
  if (model?.billing === 'local') return words.local
  if (model?.billing === 'demo') return words.demo
  if (model?.billing === 'flat_rate') return words.flatRate
  const { input = null, output = null } = model?.price ?? {}
  return input === null || output === null ? words.unknownPrice : `${formatPrice(input)} / ${formatPrice(output)}`
}

function moved(chain: readonly string[], from: number, to: number): readonly string[] {
  const name = chain[from]
  return name === undefined ? chain : chain.toSpliced(from, 1).toSpliced(to, 0, name)
}
