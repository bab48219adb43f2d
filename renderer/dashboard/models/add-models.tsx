import { useState } from 'react'
import { ChoiceField, Field } from '../../components/field.tsx'
import { failureReason, RequestFailure } from '../../components/failure.tsx'
import { Pane } from '../../components/pane.tsx'
import { isPrefix, useAddModels } from '../../state/use-add-models.ts'
import { openPage } from '../../state/use-page.ts'
import { strings } from '../../strings.ts'
import { AddOutcome } from './add-outcome.tsx'
import { OfferedList } from './offered-list.tsx'

const words = strings.modelsPage.adding

export interface AddModelsPaneProps {
  readonly offline: boolean
  readonly onClose: () => void
}

/** A provider's own list with a filter and check boxes; the lines are shown before they are written into the config file. */
export function AddModelsPane({ offline, onClose }: AddModelsPaneProps) {
  const adding = useAddModels()
  const { providers, provider, offer, chosen, prefix } = adding
  const [problem, setProblem] = useState<string>()
  const known = providers.data?.providers ?? []
  const own = known.find(({ name }) => name === provider)
  const send = () => {
    if (!isPrefix(prefix)) return setProblem(words.prefixProblem(prefix))
    adding.add.mutate()
  }
  return (
    <Pane
      title={words.title}
      onClose={onClose}
      foot={
        <>
          <span className="under pane-foot-words">
            {offline ? words.offline : chosen.size === 0 ? words.nothing : ''}
          </span>
          <button type="button" className="button" onClick={onClose}>
            {strings.close}
          </button>
          <button
            type="button"
            className="button button-primary"
            disabled={offline || chosen.size === 0 || adding.add.isPending}
            onClick={send}
          >
            {words.act(chosen.size)}
          </button>
        </>
      }
    >
      <div className="agent-parts">
        <AddOutcome adding={adding} />
        <ProviderChoice adding={adding} />
        {own?.key === 'missing' && <NeedsKey text={words.missingKey(own.name)} />}
        {offer.isFetching && offer.data === undefined && <p className="quiet still">{words.asking(provider)}</p>}
        {offer.isError && offer.data === undefined && (
          <RequestFailure
            text={words.failed(provider, failureReason(offer.error))}
            onAgain={() => void offer.refetch()}
          />
        )}
        {offer.data !== undefined && provider !== '' && (
          <OfferedList offer={offer.data} chosen={chosen} onToggle={adding.toggle} />
        )}
        {chosen.size > 0 && <Naming adding={adding} problem={problem} onType={() => setProblem(undefined)} />}
      </div>
    </Pane>
  )
}

type Adding = ReturnType<typeof useAddModels>

function ProviderChoice({ adding }: { readonly adding: Adding }) {
  const { providers, provider } = adding
  if (providers.isError && providers.data === undefined) {
    return (
      <RequestFailure
        text={words.providersFailed(failureReason(providers.error))}
        onAgain={() => void providers.refetch()}
      />
    )
  }
  const known = providers.data?.providers ?? []
  if (providers.data !== undefined && known.length === 0) return <NeedsKey text={words.noProvider} />
  return (
    <ChoiceField
      label={words.provider}
      value={provider}
      options={[
        { value: '', label: words.choose },
        ...known.map(({ name, host }) => ({ value: name, label: host === '' ? name : `${name}, ${host}` })),
      ]}
      onChange={adding.choose}
    />
  )
}

interface NamingProps {
  readonly adding: Adding
  readonly problem: string | undefined
  readonly onType: () => void
}

/** How the new names begin, and the lines that come into the file. */
function Naming({ adding, problem, onType }: NamingProps) {
  const { prefix, preview } = adding
  return (
    <>
      <Field
        label={words.prefix}
        hint={words.prefixHint}
        value={prefix}
        problem={problem}
        onChange={(typed) => {
          adding.setPrefix(typed)
          onType()
        }}
      />
      {preview.data !== undefined && (
        <section className="pane-part">
          <h3>{words.lines}</h3>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so keys must reach it */}
          <pre className="diff written-lines" tabIndex={0} aria-label={words.lines}>
            {preview.data.lines.join('\n')}
          </pre>
        </section>
      )}
    </>
  )
}

function NeedsKey({ text }: { readonly text: string }) {
  return (
    <p className="needs-key">
      <span className="tone-warning">{text}</span>
      <button type="button" className="button button-small" onClick={() => openPage({ name: 'settings' })}>
        {words.toSettings}
      </button>
    </p>
  )
}
