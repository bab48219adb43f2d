import { Command } from './components/command.tsx'
import { Mark } from './components/mark.tsx'
import { strings } from './strings.ts'

export type LinkProblem = 'no-link' | 'used-link' | 'unreachable' | 'refused'

/** The page without a session: what it needs and the one command that gives it. */
export function LinkPage({ problem }: { readonly problem: LinkProblem }) {
  const words = strings.session
  const sentences = {
    'no-link': [words.noLinkTitle, words.noLink],
    'used-link': [words.usedTitle, words.used],
    refused: [words.refusedTitle, words.refused],
    unreachable: [words.unreachableTitle, words.unreachable],
  } as const
  const [title, text] = sentences[problem]
  return (
    <main className="link-page">
      <Mark state="off" size={32} />
      <h1>{title}</h1>
      <p>{text}</p>
      {problem === 'unreachable' ? (
        <button type="button" className="button" onClick={() => window.location.reload()}>
          {words.reload}
        </button>
      ) : (
        <Command text={words.command} />
      )}
    </main>
  )
}
