/** A piece of an answer's content: what the model thought, or what it said. */
export interface TaggedPiece {
  readonly kind: 'reasoning' | 'text'
  readonly text: string
}

const open = '<think>'
const close = '</think>'

/**
 * Parts thinking that a server leaves in the content between tags from the answer proper. Only tags at the very beginning
 * count: later ones are the model's own text. Takes the content in any pieces.
 */
export class ThinkTags {
  #place: 'before' | 'inside' | 'behind' | 'done' = 'before'
  #held = ''
  #hasThought = false

  /** `whole` is a complete content, in which the opening tag may be missing: some templates put it into the prompt. */
  split(text: string, whole = false): TaggedPiece[] {
    if (this.#place === 'done' || text === '') return text === '' ? [] : [{ kind: 'text', text }]
    const joined = this.#held + text
    this.#held = ''
    if (this.#place === 'inside') return this.#inside(joined)
    if (this.#place === 'behind') return this.#behind(joined)
    return this.#before(joined, whole)
  }

  /** What is still held at the end of the content. */
  flush(): TaggedPiece[] {
    const text = this.#held
    this.#held = ''
    return text === '' ? [] : [{ kind: this.#place === 'inside' ? 'reasoning' : 'text', text }]
  }

  #before(text: string, whole: boolean): TaggedPiece[] {
    const begun = text.trimStart()
    if (begun.startsWith(open)) {
      this.#place = 'inside'
      return this.#inside(begun.slice(open.length))
    }
    if (whole && text.includes(close) && !text.includes(open)) {
      this.#place = 'inside'
      return this.#inside(text)
    }
    if (open.startsWith(begun)) {
      this.#held = text
      return []
    }
    this.#place = 'done'
    return [{ kind: 'text', text }]
  }

  #inside(given: string): TaggedPiece[] {
    // Blank space at the beginning is the template's.
    const text = this.#hasThought ? given : given.trimStart()
    this.#hasThought ||= text !== '' && !close.startsWith(text)
    const end = text.indexOf(close)
    if (end !== -1) {
      this.#place = 'behind'
      return [...piece('reasoning', text.slice(0, end)), ...this.#behind(text.slice(end + close.length))]
    }
    const kept = partialEnd(text)
    this.#held = text.slice(text.length - kept)
    return piece('reasoning', text.slice(0, text.length - kept))
  }

  /** The blank lines behind the thinking belong to neither. */
  #behind(text: string): TaggedPiece[] {
    const said = text.trimStart()
    if (said !== '') this.#place = 'done'
    return piece('text', said)
  }
}

function piece(kind: TaggedPiece['kind'], text: string): TaggedPiece[] {
  return text === '' ? [] : [{ kind, text }]
}

/** How many of the last characters may be the beginning of a closing tag. */
function partialEnd(text: string): number {
  for (let length = Math.min(close.length - 1, text.length); length > 0; length -= 1) {
    if (close.startsWith(text.slice(-length))) return length
  }
  return 0
}
