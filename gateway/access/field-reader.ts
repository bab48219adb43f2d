import { nearestName } from '../config/source/nearest-name.ts'
import { GatewayError } from '../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'

/** Most entries of a list or an object in a key, and the longest text. */
const mostEntries = 1000
const longestText = 500
/** Nine million dollars: what a number of nano-dollars still holds exactly. */
const mostUsd = 9_000_000

type Absent = undefined | null

/**
 * Reads the fields of a JSON object that a person or LiteLLM's clients wrote. Absent is undefined; null is undefined too,
 * or with `keepsNull` null: "take the value away". Anything else that does not fit is refused.
 * Every method throws GatewayError `invalid_field` with the field, what was seen and what is wanted.
 */
export class FieldReader {
  readonly #body: JsonObject
  readonly #keepsNull: boolean
  readonly #read = new Set<string>()
  readonly spell: (field: string) => string

  constructor(body: JsonObject, keepsNull: boolean, spell: (field: string) => string) {
    this.#body = body
    this.#keepsNull = keepsNull
    this.spell = spell
  }

  text(field: string): string | Absent {
    return this.#value(field, (value) => {
      if (typeof value === 'string' && value.length <= longestText) return value
      throw this.wrong(field, value, `a text of at most ${longestText} characters`)
    })
  }

  /** For free-form objects: a value that is no short text does not count. */
  looseText(field: string): string | undefined {
    const value = this.#body[field]
    return typeof value === 'string' && value !== '' && value.length <= 100 ? value : undefined
  }

  choice<Word extends string>(field: string, words: readonly Word[]): Word | Absent {
    return this.#value(field, (value) => {
      const found = words.find((word) => word === value)
      if (found !== undefined) return found
      throw this.wrong(field, value, `one of ${words.join(', ')}`)
    })
  }

  flag(field: string): boolean | undefined {
    const found = this.#value(field, (value) => {
      if (typeof value === 'boolean') return value
      throw this.wrong(field, value, 'true or false')
    })
    return found ?? undefined
  }

  /** USD as nano-USD. */
  usd(field: string): number | Absent {
    return this.#value(field, (value) => {
      if (typeof value === 'number' && value >= 0 && value <= mostUsd) return Math.round(value * 1e9)
      throw this.wrong(field, value, `USD from 0 to ${mostUsd}`)
    })
  }

  count(field: string): number | Absent {
    return this.#value(field, (value) => this.#whole(field, value))
  }

  names(field: string): readonly string[] | undefined {
    return this.#emptied(field, [], (value) => {
      const fits = Array.isArray(value) && value.length <= mostEntries && value.every(isName)
      if (fits) return value
      throw this.wrong(field, value, `a list of at most ${mostEntries} texts that are not empty`)
    })
  }

  /** An object whose values are texts. */
  texts(field: string): Readonly<Record<string, string>> | undefined {
    return this.entries(field, (value, name) => {
      if (isName(value)) return value
      throw this.wrong(name, value, 'a text')
    })
  }

  /** An object whose values are whole numbers. */
  counts(field: string): Readonly<Record<string, number>> | undefined {
    return this.entries(field, (value, name) => this.#whole(name, value))
  }

  object(field: string): JsonObject | undefined {
    return this.#emptied<JsonObject>(field, {}, (value) => {
      if (isJsonObject(value) && JSON.stringify(value).length <= 20_000) return value
      throw this.wrong(field, value, 'an object of at most 20,000 characters')
    })
  }

  entries<Entry>(
    field: string,
    read: (value: JsonValue, name: string) => Entry,
  ): Readonly<Record<string, Entry>> | undefined {
    return this.#emptied<Readonly<Record<string, Entry>>>(field, {}, (value) => {
      const written = isJsonObject(value) ? Object.entries(value) : undefined
      if (written === undefined || written.length > mostEntries) {
        throw this.wrong(field, value, `an object of at most ${mostEntries} entries`)
      }
      return Object.fromEntries(
        written.map(([name, entry]) => [name, read(entry ?? null, `${field}.${name.slice(0, 60)}`)]),
      )
    })
  }

  /** The refusal of a value. What was seen is shown short, and of lists and objects only the kind. */
  wrong(field: string, seen: JsonValue | undefined, wanted: string): GatewayError {
    const name = this.spell(field)
    return new GatewayError('invalid_field', `${name} is ${shown(seen)}; wanted ${wanted}.`, { param: name })
  }

  /** Fields with a value that nobody asked for. */
  unread(): readonly string[] {
    return Object.keys(this.#body).filter(
      (field) => !this.#read.has(field) && this.#body[field] !== null && this.#body[field] !== undefined,
    )
  }

  /** The field asked for that is most like this one. */
  nearestTo(field: string): string | undefined {
    const nearest = nearestName(field, this.#read)
    return nearest === undefined ? undefined : this.spell(nearest)
  }

  #value<Value>(field: string, read: (value: JsonValue) => Value): Value | Absent {
    this.#read.add(field)
    const value = Object.hasOwn(this.#body, field) ? this.#body[field] : undefined
    if (value === undefined) return undefined
    if (value === null) return this.#keepsNull ? null : undefined
    return read(value)
  }

  /** The same for a list or an object: taken away, it is empty. */
  #emptied<Value>(field: string, empty: Value, read: (value: JsonValue) => Value): Value | undefined {
    const value = this.#value(field, read)
    return value === null ? empty : value
  }

  #whole(field: string, value: JsonValue): number {
    if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value)
    throw this.wrong(field, value, 'a whole number of 0 or more')
  }
}

function isName(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= longestText
}

function shown(seen: JsonValue | undefined): string {
  if (typeof seen === 'string') return JSON.stringify(seen.slice(0, 40))
  if (Array.isArray(seen)) return 'a list'
  if (isJsonObject(seen)) return 'an object'
  return String(seen)
}
