import { isJsonObject, type JsonObject, type JsonValue } from './json.ts'

/** What an answer says of one of its texts beside the text itself. */
export interface TextNotes {
  readonly citations?: readonly UrlCitation[]
  /** A token each with its logarithmic probability, in the form that OpenAI's two APIs share. */
  readonly logprobs?: readonly JsonObject[]
}

/** A page that a piece of the text is taken from; places are characters of that text. */
export interface UrlCitation {
  readonly url: string
  readonly title: string
  readonly start: number
  readonly end: number
}

/** Citations that were read, and whether others were found that have no address. */
export interface ReadCitations {
  readonly citations: readonly UrlCitation[]
  readonly lost: boolean
}

/** Reads `annotations` of chat completions (nested under `url_citation`) or of Responses (flat). Lenient: never throws. */
export function readCitations(annotations: JsonValue | undefined): ReadCitations {
  const entries = Array.isArray(annotations) ? annotations.filter((entry) => isJsonObject(entry)) : []
  const citations = entries.flatMap((entry) => readCitation(entry))
  return { citations, lost: citations.length < entries.length }
}

function readCitation(entry: JsonObject): UrlCitation[] {
  const said = isJsonObject(entry.url_citation) ? entry.url_citation : entry
  if (entry.type !== 'url_citation' || typeof said.url !== 'string' || said.url === '') return []
  const title = typeof said.title === 'string' ? said.title : ''
  return [{ url: said.url, title, start: place(said.start_index), end: place(said.end_index) }]
}

function place(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 0
}

/** Undefined where there is nothing to note. */
export function notesOf(citations: readonly UrlCitation[], logprobs: readonly JsonObject[]): TextNotes | undefined {
  if (citations.length === 0 && logprobs.length === 0) return undefined
  return {
    ...(citations.length === 0 ? {} : { citations }),
    ...(logprobs.length === 0 ? {} : { logprobs }),
  }
}

/** The members that both of OpenAI's APIs give a citation; `offset` is what stands before its text. */
export function citationMembers({ url, title, start, end }: UrlCitation, offset = 0): JsonObject {
  return { start_index: start + offset, end_index: end + offset, url, title }
}
