/** A sentence of the gateway in which `code` stands between backticks. */
export function MarkedText({ text }: { readonly text: string }) {
  return text.split('`').map((part, index) =>
    // oxlint-disable-next-line react/no-array-index-key -- the parts of one text never move
    index % 2 === 1 ? <code key={index}>{part}</code> : part,
  )
}
