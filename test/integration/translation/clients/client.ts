/*
 * What the table knows of a dialect: plain JSON as its public reference has it. Nothing here uses the product's own
 * reading or writing, so that a mistake there cannot hide itself.
 */

/** What a test asks, in no dialect. */
export interface Question {
  readonly model: string
  readonly prompt: string
  readonly stream?: boolean
  readonly system?: string
  /** A PNG in base64, beside the prompt. */
  readonly image?: string
  /** Offers the tool `weather`. */
  readonly tools?: boolean
  /** Asks for an answer that fits this JSON Schema. */
  readonly schema?: object
  readonly thinks?: boolean
  /** A file that lies with the provider, by the id it has there. */
  readonly fileId?: string
  /** The turns of the assistant that follow the prompt, as they came, each with what its calls gave. */
  readonly earlier?: readonly Earlier[]
}

export interface Earlier {
  readonly answer: Answer
  readonly results: readonly CallResult[]
}

export interface CallResult {
  readonly id: string
  readonly name: string
  readonly text: string
}

/** What a client of the dialect made of an answer. */
export interface Answer {
  readonly text: string
  readonly reasoning: string
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: unknown }[]
  /** `stop`, `tools` and `length` whatever the dialect calls them; anything else is its own word. */
  readonly finish: string
  /** One meaning for all: `input` with what came from the cache, `output` with reasoning. */
  readonly usage: { readonly input: number; readonly cached: number; readonly output: number } | undefined
  /** Items of the history that stand for this turn, as a client of the dialect keeps them. */
  readonly turn: readonly object[]
  /** The words of an error inside a stream. */
  readonly error: string | undefined
  /** True when the stream said that it was complete. */
  readonly complete: boolean
  /** How many pieces the text came in. */
  readonly pieces: number
}

export interface Client {
  readonly dialect: string
  readonly headers: Readonly<Record<string, string>>
  path(question: Question): string
  body(question: Question): object
  readAnswer(body: string): Answer
  readStream(events: readonly StreamEvent[]): Answer
  /** The words of a refusal; throws when it is not in the dialect's own shape. */
  readError(body: string, status: number): string
  /** Whether a refusal says what clients of the dialect look for when a prompt is too long: they compact then. */
  saysTooLong(body: string): boolean
}

export interface StreamEvent {
  readonly name: string | undefined
  readonly data: string
}

/** The events of a stream's text; comments and events without data are left out. */
export function splitEvents(text: string): StreamEvent[] {
  return text
    .split(/\r?\n\r?\n/)
    .map((block) => block.split(/\r?\n/))
    .map((lines) => ({
      name: lines
        .find((line) => line.startsWith('event:'))
        ?.slice(6)
        .trim(),
      data: lines
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trim())
        .join('\n'),
    }))
    .filter((event) => event.data !== '')
}

export const weatherSchema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}

export const weatherDescription = 'Tells the weather of a city.'

/** The one element of a list of exactly one. */
export function only<Element>(list: readonly Element[]): Element {
  const [element] = list
  if (element === undefined || list.length !== 1) throw new Error(`a list of ${list.length} where one was expected`)
  return element
}
