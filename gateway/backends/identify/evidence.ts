import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { anyJson, jsonOf, objectOf, objectsIn, type ProbeAnswer } from '../probe/probe-answer.ts'

/** Everything that one server has answered so far, by path, and the process behind its port where that is known. */
export interface Evidence {
  readonly port: number
  /** The name of the process, or undefined: another machine's, another user's. */
  readonly process: string | undefined
  readonly answers: ReadonlyMap<string, ProbeAnswer>
}

/** Where the OpenAI list of models stands; every server knows it, so it is the first thing asked where no port says more. */
export const modelsPath = '/v1/models'

/** The JSON object that a path gave, undefined where it gave none. */
export function objectAt(evidence: Evidence, path: string): JsonObject | undefined {
  return objectOf(evidence.answers.get(path))
}

/** A status of the path, 0 where it was not asked. */
export function statusAt(evidence: Evidence, path: string): number {
  return evidence.answers.get(path)?.status ?? 0
}

export function textAt(evidence: Evidence, path: string): string {
  return evidence.answers.get(path)?.text ?? ''
}

/** True when any answer has this header with a value that fits. */
export function anyHeader(evidence: Evidence, name: string, pattern: RegExp): boolean {
  return [...evidence.answers.values()].some(({ headers }) => pattern.test(headers[name] ?? ''))
}

/** The entries of an OpenAI list of models; undefined where the path gave none. `data: null` is an empty list (Ollama). */
export function modelEntries(evidence: Evidence, path: string = modelsPath): JsonObject[] | undefined {
  return listEntries(jsonOf(evidence.answers.get(path)))
}

export function listEntries(list: JsonValue | undefined): JsonObject[] | undefined {
  if (!isJsonObject(list)) return undefined
  if (Array.isArray(list.data)) return objectsIn(list.data)
  return list.object === 'list' && list.data === null ? [] : undefined
}

/** Who owns the models, in the server's words. */
export function owners(evidence: Evidence, path: string = modelsPath): ReadonlySet<string> {
  const entries = modelEntries(evidence, path) ?? []
  return new Set(entries.flatMap(({ owned_by: owner }) => (typeof owner === 'string' ? [owner] : [])))
}

/** What refuses for want of a key, and its body. */
export function refusalAt(evidence: Evidence, path: string = modelsPath): JsonValue | undefined {
  const answer = evidence.answers.get(path)
  if (answer === undefined || (answer.status !== 401 && answer.status !== 403)) return undefined
  return anyJson(answer) ?? answer.text
}

/** True when an answer of any path fits; for traits that a server has everywhere. */
export function someAnswer(evidence: Evidence, fits: (answer: ProbeAnswer) => boolean): boolean {
  return [...evidence.answers.values()].some(fits)
}
