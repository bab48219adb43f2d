import { failureReason } from '../../components/failure.tsx'
import type { useAddModels } from '../../state/use-add-models.ts'
import { strings } from '../../strings.ts'

const words = strings.modelsPage.adding

/** What the last adding came to. */
export function AddOutcome({ adding }: { readonly adding: ReturnType<typeof useAddModels> }) {
  const { data, error } = adding.add
  if (error !== null) {
    return (
      <p className="field-error" role="alert">
        {words.notAdded(failureReason(error))}
      </p>
    )
  }
  if (data === undefined) return null
  const errors = data.problems.filter(({ severity }) => severity === 'error')
  return (
    <output className="outcome">
      {data.written && <p>{words.added(data.added.map(({ modelName }) => modelName).join(', '))}</p>}
      {!data.written && errors.length > 0 && <p className="field-error">{words.refused}</p>}
      {errors.map(({ message }) => (
        <p key={message} className="field-error">
          {message}
        </p>
      ))}
      {data.skipped.map(({ id, reason }) => (
        <p key={id} className="quiet">
          {words.skipped(id, reason)}
        </p>
      ))}
    </output>
  )
}
