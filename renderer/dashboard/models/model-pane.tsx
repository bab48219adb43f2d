import { Lamp } from '../../components/lamp.tsx'
import { Pane } from '../../components/pane.tsx'
import { TierChip } from '../../components/tier-chip.tsx'
import type { ModelView } from '../../contract.ts'
import { formatCount } from '../../format/figures.ts'
import { formatUsd, modelPrice } from '../../format/model-price.ts'
import { strings } from '../../strings.ts'
import { providerOf } from './model-table.tsx'

const words = strings.modelsPage
const { pane } = words

/** One model: its state, what it can and costs, who uses it, and every upstream that answers under its name. */
export function ModelPane({ model, onClose }: { readonly model: ModelView; readonly onClose: () => void }) {
  const { contextWindow, maxOutputTokens, capabilities, usedBy, deployments } = model
  const tokens = (count: number | null) => (count === null ? words.unknown : pane.tokens(formatCount(count)))
  return (
    <Pane title={model.name} onClose={onClose}>
      <div className="agent-parts">
        <p className="state-word">
          <Lamp state={model.lamp} />
          <span>{model.health}</span>
        </p>
        <dl className="details">
          <Fact name={words.columns.provider} value={providerOf(model)} />
          <Fact name={pane.window} value={tokens(contextWindow)} />
          <Fact name={pane.output} value={tokens(maxOutputTokens)} />
          <Fact name={pane.capabilities} value={capabilities.length === 0 ? pane.none : capabilities.join(', ')} />
          <PriceFacts model={model} />
          <Fact name={pane.source} value={sourceOf(model)} />
        </dl>
        {model.kind !== 'router' && (
          <section className="pane-part">
            <h3>{pane.tiers}</h3>
            {usedBy.length === 0 ? (
              <p className="quiet">{pane.nobody}</p>
            ) : (
              <ul className="used-by">
                {usedBy.map(({ router, tier, place }) => (
                  <li key={`${router} ${tier}`}>
                    <span className="tier-column">
                      <TierChip tier={tier} />
                    </span>
                    <a href={`#/routers/${encodeURIComponent(router)}`} title={words.tier(router, tier, place)}>
                      {router}
                    </a>
                  </li>
                ))}
              </ul>
            )}
          </section>
        )}
        {deployments.length > 0 && (
          <section className="pane-part">
            <h3>{pane.upstreams}</h3>
            <ul className="upstreams">
              {deployments.map((one) => (
                <li key={one.deploymentId}>
                  <span className="row-name">
                    <Lamp state={one.lamp} />
                    <span className="name breakable">{`${one.provider}/${one.upstreamModel}`}</span>
                  </span>
                  <span className="under breakable">
                    {[one.host, one.health].filter((part) => part !== '').join(' · ')}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Pane>
  )
}

function PriceFacts({ model }: { readonly model: ModelView }) {
  const { price } = model
  const text = modelPrice(model)
  if (text === '') return null
  const hasFigures = price !== null && (price.input !== null || price.output !== null)
  const full = hasFigures ? words.price(formatUsd(price.input), formatUsd(price.output)) : text
  return (
    <>
      <Fact
        name={pane.price}
        value={
          hasFigures && text !== `${formatUsd(price.input)} / ${formatUsd(price.output)}` ? `${text}; ${full}` : full
        }
        under={hasFigures ? words.provenance(price.provenance) : text === words.unknown ? words.setPrice : undefined}
      />
      {price !== null && (price.cacheRead !== null || price.cacheWrite !== null) && (
        <Fact name={pane.cache} value={pane.cachePrice(formatUsd(price.cacheRead), formatUsd(price.cacheWrite))} />
      )}
    </>
  )
}

function sourceOf({ source }: ModelView): string {
  if (source.kind === 'config') return pane.fromConfig(source.line)
  return source.kind === 'backend' ? pane.fromBackend(source.backend) : pane.fromDemo
}

interface FactProps {
  readonly name: string
  readonly value: string
  readonly under?: string | undefined
}

function Fact({ name, value, under }: FactProps) {
  return (
    <div className="detail">
      <dt>{name}</dt>
      <dd className="name-wrap">
        <span className="detail-value breakable">{value}</span>
        {under !== undefined && <span className="under"> {under}</span>}
      </dd>
    </div>
  )
}
