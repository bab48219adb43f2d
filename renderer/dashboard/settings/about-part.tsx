import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { LiveState } from '../../state/live-state.ts'
import { writePage } from '../../state/page.ts'
import { strings } from '../../strings.ts'

const words = strings.settingsPage.about

interface Licence {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly text: string
}

/** Version, addresses, and the licences of every part that is shipped; their texts are a file of the build, read when asked for. */
export function AboutPart({ live }: { readonly live: LiveState }) {
  const [open, setOpen] = useState(false)
  const licences = useQuery({
    queryKey: ['licences'],
    queryFn: async (): Promise<readonly Licence[]> => {
      const answer = await window.fetch('./licences.json')
      if (!answer.ok) throw new Error(words.licencesFailed)
      return (await answer.json()) as readonly Licence[]
    },
    enabled: open,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { status } = live
  return (
    <>
      {status !== null && (
        <dl className="details">
          <Fact name={words.version} value={status.version} />
          <Fact name={words.address} value={`${status.url}/v1`} />
          <Fact name={words.config} value={status.config.path} />
        </dl>
      )}
      <a className="about-link" href={writePage({ name: 'setup', step: 'found' })}>
        {words.firstRun}
      </a>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="file-line">{words.licences}</summary>
        <p className="under">{words.licenceText}</p>
        {licences.isError && <p className="field-error">{words.licencesFailed}</p>}
        {licences.data !== undefined && (
          <>
            <p className="under">{words.count(licences.data.length)}</p>
            <ul className="licences">
              {licences.data.map((licence) => (
                <li key={`${licence.name} ${licence.version}`}>
                  <details>
                    <summary>
                      {licence.name} <span className="under">{`${licence.version} · ${licence.licence}`}</span>
                    </summary>
                    <pre className="licence-text">{licence.text}</pre>
                  </details>
                </li>
              ))}
            </ul>
          </>
        )}
      </details>
    </>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className="detail">
      <dt>{name}</dt>
      <dd>
        <span className="detail-value breakable">{value}</span>
      </dd>
    </div>
  )
}
