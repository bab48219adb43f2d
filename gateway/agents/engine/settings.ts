import { isDeepStrictEqual } from 'node:util'
import { isJsonObject, type JsonValue } from '../../model/json.ts'
import type { FormatName, PlaceStep, Setting } from '../agent.ts'
import { formatOf } from '../formats/formats.ts'
import { locate, placeText } from './place.ts'

/** A setting as it was made, with what it needs to be taken back. */
export interface AppliedSetting {
  readonly path: readonly PlaceStep[]
  /** Absent = what stood there went. */
  readonly after?: JsonValue
  /** Absent = nothing stood there. */
  readonly before?: JsonValue
  /** Steps of the path that were there before. */
  readonly depth: number
}

export interface AppliedText {
  readonly text: string
  readonly applied: readonly AppliedSetting[]
}

/** Puts settings into a text. What is there already keeps its spelling. @throws UnreadableFileError */
export function applySettings(text: string, format: FormatName, settings: readonly Setting[]): AppliedText {
  const { parse, set, remove } = formatOf(format)
  const applied: AppliedSetting[] = []
  let current = text
  for (const { path, value } of settings) {
    const found = locate(parse(current), path)
    applied.push({
      path,
      ...(value === undefined ? {} : { after: value }),
      depth: found.depth,
      ...(found.value === undefined ? {} : { before: found.value }),
    })
    if (isSame(found.value, value)) continue
    current = value === undefined ? remove(current, found.path) : set(current, found.path, value)
  }
  return { text: current, applied }
}

export interface TakenBack {
  readonly text: string
  /** Places where somebody wrote something else since: that stays. */
  readonly kept: readonly string[]
}

/**
 * Takes settings out of a text that was edited since: where our value still stands, the one before it comes back; where
 * another one stands, the edit by hand wins. @throws UnreadableFileError
 */
export function takeBackSettings(text: string, format: FormatName, applied: readonly AppliedSetting[]): TakenBack {
  const kept: string[] = []
  let current = text
  for (const setting of applied.toReversed()) {
    const found = locate(formatOf(format).parse(current), setting.path)
    if (isSame(found.value, setting.after)) current = putBack(current, format, setting)
    else if (!isSame(found.value, setting.before)) {
      const rest = takeBackParts(current, format, setting, found.value)
      current = rest.text
      kept.unshift(...rest.kept)
    }
  }
  return { text: current, kept }
}

/**
 * An edited block of ours goes part by part: left as a whole it would point at a key that is gone. An item of a list stays
 * whole, since no agent reads half of one.
 */
function takeBackParts(
  text: string,
  format: FormatName,
  { path, after, before, depth }: AppliedSetting,
  now: JsonValue | undefined,
): TakenBack {
  const whole = { text, kept: [placeText(path)] }
  if (before !== undefined || typeof path.at(-1) !== 'string') return whole
  if (!isJsonObject(after) || !isJsonObject(now)) return whole
  const parts = Object.entries(after).map(([name, part]) => ({ path: [...path, name], after: part, depth }))
  const rest = takeBackSettings(text, format, parts)
  const isGone = locate(formatOf(format).parse(rest.text), path).value === undefined
  return rest.kept.length > 0 || isGone ? rest : { text: rest.text, kept: whole.kept }
}

function putBack(text: string, format: FormatName, setting: AppliedSetting): string {
  const { parse, set, remove } = formatOf(format)
  const found = locate(parse(text), setting.path)
  if (setting.before !== undefined) return set(text, found.path, setting.before)
  if (found.value === undefined) return text
  let current = remove(text, found.path)
  // What was only made to hold our value goes too.
  for (let length = setting.path.length - 1; length > setting.depth; length -= 1) {
    const outer = locate(parse(current), setting.path.slice(0, length))
    if (!isEmpty(outer.value)) break
    current = remove(current, outer.path)
  }
  return current
}

/** Places where something else stands than was applied. @throws UnreadableFileError */
export function findDrift(text: string, format: FormatName, applied: readonly AppliedSetting[]): readonly string[] {
  const content = formatOf(format).parse(text)
  return applied
    .filter(({ path, after }) => !isSame(locate(content, path).value, after))
    .map(({ path }) => placeText(path))
}

/** Files of variables know texts only. */
function isSame(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  return isDeepStrictEqual(left, right)
}

function isEmpty(value: JsonValue | undefined): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0
}
