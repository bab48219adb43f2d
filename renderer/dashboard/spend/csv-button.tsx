import { useMutation } from '@tanstack/react-query'
import { IconDownload } from '@tabler/icons-react'
import { failureReason } from '../../components/failure.tsx'
import type { SpendQuery } from '../../contract.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { dayName } from '../../state/spend-period.ts'
import { strings } from '../../strings.ts'

const words = strings.spendPage
const mostRows = 10_000

/** Saves the table of the page as a file. The session's token is in a header, so a plain link cannot ask for it. */
export function CsvButton({ query, disabled }: { readonly query: SpendQuery; readonly disabled: boolean }) {
  const { client, now } = useSurroundings()
  const mutation = useMutation({
    mutationFn: () => client.spendCsv({ ...query, limit: mostRows }),
    onSuccess: (text) => saveFile(`signalbox-spend-${query.by}-${dayName(now())}.csv`, text),
  })
  const problem = mutation.isError ? words.csvFailed(failureReason(mutation.error)) : undefined
  return (
    <span className="csv">
      <button
        type="button"
        className="button"
        title={words.csvHint}
        disabled={disabled || mutation.isPending}
        onClick={() => mutation.mutate()}
      >
        <IconDownload size={16} stroke={1.4} aria-hidden="true" />
        {words.csv}
      </button>
      {problem !== undefined && (
        <span className="csv-problem field-error" role="alert">
          {problem}
        </span>
      )}
    </span>
  )
}

function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser reads it after this turn.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
