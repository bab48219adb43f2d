import { strings } from '../strings.ts'
import { CopyButton } from './copy-button.tsx'

/** A command to run in a terminal, with its copy button. Long ones scroll inside. */
export function Command({ text }: { readonly text: string }) {
  return (
    <div className="command">
      <pre tabIndex={0}>{text}</pre>
      <CopyButton value={text} label={strings.copy.command} />
    </div>
  )
}
