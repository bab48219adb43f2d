import { useState } from 'react'
import type { OfferedModel, ProviderModels } from '../../contract.ts'
import { formatWindow } from '../../format/size.ts'
import { filterOffered } from '../../state/use-add-models.ts'
import { strings } from '../../strings.ts'

const words = strings.modelsPage.adding

export interface OfferedListProps {
  readonly offer: ProviderModels
  readonly chosen: ReadonlySet<string>
  readonly onToggle: (id: string) => void
}

/** What a provider offers, to tick; what the config has already cannot be ticked again, and what is no longer offered is told. */
export function OfferedList({ offer, chosen, onToggle }: OfferedListProps) {
  const [filter, setFilter] = useState('')
  const shown = filterOffered(offer.models, filter.trim())
  return (
    <div className="offered">
      {offer.unlisted.map(({ model, upstreamModel, gone }) => (
        <p key={model} className="warning-line">
          {gone ? words.gone(model, upstreamModel) : words.unlisted(model, upstreamModel)}
        </p>
      ))}
      <div className="offered-head">
        <input
          type="search"
          className="input"
          value={filter}
          placeholder={words.filter}
          aria-label={words.filter}
          spellCheck={false}
          onChange={(event) => setFilter(event.target.value)}
        />
        <span className="under">{words.count(shown.length, offer.models.length)}</span>
      </div>
      <ul className="offered-list" aria-label={words.list(offer.name)}>
        {shown.map((model) => (
          <li key={model.id}>
            <label className="choice">
              <input
                type="checkbox"
                checked={chosen.has(model.id) || model.configuredAs.length > 0}
                disabled={model.configuredAs.length > 0}
                onChange={() => onToggle(model.id)}
              />
              <span className="offered-name">{model.id}</span>
              <span className="under offered-words">{wordsOf(model)}</span>
            </label>
          </li>
        ))}
      </ul>
    </div>
  )
}

function wordsOf(model: OfferedModel): string {
  if (model.configuredAs.length > 0) return words.configured(model.configuredAs.join(', '))
  return [
    ...(model.deprecated === null ? [] : [words.deprecated(model.deprecated)]),
    ...(model.kind === 'chat' ? [] : [model.kind]),
    ...(['vision', 'reasoning', 'tools'] as const)
      .filter((name) => model[name] === true)
      .map((name) => words.can[name]),
    ...(model.contextWindow === null ? [] : [formatWindow(model.contextWindow)]),
  ].join(', ')
}
