import { strings } from '../strings.ts'
import { CopyButton } from './copy-button.tsx'

/** A command to run in a terminal, with its copy button. Long ones scroll inside. */
export function Command({ text }: { readonly text: string }) {
  return (
    <div className="command">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways, so keys must reach it */}
      <pre tabIndex={0}>{text}</pre>
      <CopyButton value={text} label={strings.copy.command} />
    </div>
  )
}
