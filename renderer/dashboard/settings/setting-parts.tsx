import { ChoiceField, Field } from '../../components/field.tsx'
import type { SettingName } from '../../state/settings-form.ts'
import { useModels } from '../../state/use-settings.ts'
import { strings } from '../../strings.ts'

const words = strings.settingsPage

/** A field's value, its problem, and what the config says where that is something else. */
export type SettingBind = (name: SettingName) => {
  readonly value: string
  readonly problem: string | undefined
  readonly was: string | undefined
  readonly onChange: (value: string) => void
}

interface PartProps {
  readonly bind: SettingBind
}

export function GatewayPart({ bind }: PartProps) {
  const { gateway } = words
  return (
    <div className="form">
      <div className="field-pair">
        <TextSetting label={gateway.port} hint={gateway.portHint} placeholder="4000" numeric bound={bind('port')} />
        <TextSetting label={gateway.host} hint={gateway.hostHint} placeholder="127.0.0.1" bound={bind('host')} />
      </div>
      <div className="field-pair">
        <ChoiceSetting label={gateway.discovery} words={gateway.discoveries} bound={bind('discovery')} />
        <ChoiceSetting label={gateway.demo} words={gateway.demos} bound={bind('demo')} />
      </div>
      <ChoiceSetting label={gateway.resync} words={gateway.resyncs} bound={bind('agentResync')} />
    </div>
  )
}

export function PricesPart({ bind }: PartProps) {
  const { prices } = words
  return (
    <div className="form">
      <ChoiceSetting label={prices.refresh} words={prices.refreshes} bound={bind('priceRefresh')} />
      <p className="under">{prices.note}</p>
      <Provenance />
    </div>
  )
}

/** How many models have their price from where. */
function Provenance() {
  const models = useModels()
  if (models.data === undefined) return null
  const counts = new Map<string, number>()
  for (const { price } of models.data.models) {
    if (price === null) continue
    const [source = ''] = price.provenance.split(' ')
    const name = source === '' ? words.prices.unknown : source
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  if (counts.size === 0) return null
  return (
    <div>
      <p className="label">{words.prices.provenance}</p>
      <ul className="quiet">
        {[...counts].map(([source, count]) => (
          <li key={source}>{words.prices.from(source, count)}</li>
        ))}
      </ul>
    </div>
  )
}

export function PrivacyPart({ bind }: PartProps) {
  const { privacy } = words
  return (
    <div className="form">
      <TextSetting label={privacy.days} hint={privacy.daysHint} numeric bound={bind('rowDays')} />
      <p className="under">{privacy.note}</p>
    </div>
  )
}

interface TextSettingProps {
  readonly label: string
  readonly hint: string
  readonly placeholder?: string
  readonly numeric?: boolean
  readonly bound: ReturnType<SettingBind>
}

function TextSetting({ label, hint, placeholder, numeric = false, bound }: TextSettingProps) {
  const { was, ...field } = bound
  const below = was === undefined ? hint : words.was(was === '' ? words.gateway.standard : was)
  return (
    <Field
      label={label}
      hint={below}
      numeric={numeric}
      placeholder={placeholder}
      changed={was !== undefined}
      {...field}
    />
  )
}

interface ChoiceSettingProps {
  readonly label: string
  readonly words: Readonly<Record<string, string>>
  readonly bound: ReturnType<SettingBind>
}

function ChoiceSetting({ label, words: options, bound }: ChoiceSettingProps) {
  const { was, ...field } = bound
  return (
    <ChoiceField
      label={label}
      options={Object.entries(options).map(([value, word]) => ({ value, label: word }))}
      hint={was === undefined ? undefined : words.was(options[was] ?? was)}
      changed={was !== undefined}
      {...field}
    />
  )
}
