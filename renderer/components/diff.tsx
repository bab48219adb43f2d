import { type DiffLine, readDiff } from '../format/diff-lines.ts'
import { strings } from '../strings.ts'

const words = strings.diff
/** A catalogue of models has thousands; nobody reads them here. */
const mostLines = 400
const signs = { added: '+', removed: '\u2212', same: ' ', gap: '\u22ef' } as const

/** A file's unified diff with its line numbers; + and − stand beside the colour. Long lines scroll inside. */
export function Diff({ diff, label }: { readonly diff: string; readonly label: string }) {
  const lines = readDiff(diff)
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways, so keys must reach it
    <pre className="diff" tabIndex={0} aria-label={label}>
      <span className="diff-lines">
        {lines.slice(0, mostLines).map((line, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the lines of one text never move
          <Line key={index} line={line} />
        ))}
        {lines.length > mostLines && <span className="diff-line diff-gap">{words.more(lines.length - mostLines)}</span>}
      </span>
    </pre>
  )
}

function Line({ line }: { readonly line: DiffLine }) {
  return (
    <span className={`diff-line diff-${line.kind}`}>
      <span className="diff-number">{line.number}</span>
      <span className="diff-sign">{signs[line.kind]}</span>
      {line.text}
      {'\n'}
    </span>
  )
}
