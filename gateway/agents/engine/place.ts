import type { PlaceStep } from '../agent.ts'
import { isJsonObject, type JsonValue } from '../../model/json.ts'
import type { ValuePath } from '../formats/format.ts'

/** A place in the content of one file. */
export interface Located {
  /** Items of lists by their number; one that is not there yet is behind the last. */
  readonly path: ValuePath
  /** Undefined = nothing is there. */
  readonly value: JsonValue | undefined
  /** How many steps lead to something that is there. */
  readonly depth: number
}

/** Finds a place. What is not there is located where it would be added. */
export function locate(content: JsonValue, steps: readonly PlaceStep[]): Located {
  const path: (string | number)[] = []
  let value: JsonValue | undefined = content
  let depth = 0
  for (const step of steps) {
    const key = keyOf(value, step)
    path.push(key)
    value = partOf(value, key)
    if (value !== undefined) depth += 1
  }
  return { path, value, depth }
}

function keyOf(owner: JsonValue | undefined, step: PlaceStep): string | number {
  if (typeof step === 'string') return step
  const items = Array.isArray(owner) ? owner : []
  const index = items.findIndex((item) => isItem(item, step))
  return index < 0 ? items.length : index
}

function isItem(item: JsonValue, { field, value, beside }: Exclude<PlaceStep, string>): boolean {
  if (!isJsonObject(item) || item[field] !== value) return false
  return beside === undefined || item[beside.field] === beside.value
}

function partOf(owner: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (Array.isArray(owner)) return typeof key === 'number' ? owner[key] : undefined
  return isJsonObject(owner) && typeof key === 'string' && Object.hasOwn(owner, key) ? owner[key] : undefined
}

/** A place as people read it: `provider.signalbox`, `models[name=auto].model`. */
export function placeText(steps: readonly PlaceStep[]): string {
  const texts = steps.map((step) => (typeof step === 'string' ? `.${step}` : `[${step.field}=${step.value}]`))
  return texts.join('').replace(/^\./u, '')
}
