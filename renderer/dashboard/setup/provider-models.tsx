import { failureReason, RequestFailure } from '../../components/failure.tsx'
import { useAddModels } from '../../state/use-add-models.ts'
import { strings } from '../../strings.ts'
import { AddOutcome } from '../models/add-outcome.tsx'
import { OfferedList } from '../models/offered-list.tsx'

const words = strings.setupPage.key
const adding = strings.modelsPage.adding

/** The list of a provider whose key is there, to tick what is to be used. */
export function ProviderModelsPart({ provider, offline }: { readonly provider: string; readonly offline: boolean }) {
  const state = useAddModels(provider)
  const { offer, chosen } = state
  return (
    <section className="pane-part" aria-label={words.models(provider)}>
      <h3>{words.models(provider)}</h3>
      <p className="under">{words.modelsNote}</p>
      {offer.data === undefined && offer.isFetching && <p className="quiet still">{adding.asking(provider)}</p>}
      {offer.isError && offer.data === undefined && (
        <RequestFailure
          text={adding.failed(provider, failureReason(offer.error))}
          onAgain={() => void offer.refetch()}
        />
      )}
      {offer.data !== undefined && (
        <>
          <OfferedList offer={offer.data} chosen={chosen} onToggle={state.toggle} />
          <AddOutcome adding={state} />
          <div>
            <button
              type="button"
              className="button"
              disabled={offline || chosen.size === 0 || state.add.isPending}
              onClick={() => state.add.mutate()}
            >
              {words.add(chosen.size)}
            </button>
          </div>
        </>
      )}
    </section>
  )
}
