import { EditRefusedError } from '../../config/edit/yaml-edit.ts'
import { spliceYaml } from '../../config/edit/splice-yaml.ts'
import { offsetOf, parseForEdit } from '../../config/edit/yaml-places.ts'
import { readPlainYaml } from '../../config/edit/read-plain-yaml.ts'
import type { JsonValue } from '../../model/json.ts'
import { type Format, UnreadableFileError, unreadableAt, type ValuePath } from './format.ts'

/** YAML by the editor of our own config file: only the characters of the value concerned change. */
export const yaml: Format = {
  parse(text) {
    const { value, problem } = readPlainYaml(text)
    if (problem !== undefined) throw new UnreadableFileError(problem.message, problem.line, problem.column)
    return value
  },
  set: (text, path, value) => edited(text, path, value),
  remove: (text, path) => edited(text, path, undefined),
}

function edited(text: string, path: ValuePath, value: JsonValue | undefined): string {
  try {
    if (value === undefined) return spliceYaml(text, [{ op: 'remove', path }])
    const last = path.at(-1)
    // A place behind the last item: the list grows, or begins.
    if (typeof last === 'number' && isBehindEnd(yaml.parse(text), path)) {
      return spliceYaml(text, [{ op: 'append', path: path.slice(0, -1), value }])
    }
    return spliceYaml(text, [{ op: 'set', path, value }])
  } catch (error) {
    if (error instanceof EditRefusedError) throw unreadableAt(text, offsetIn(text, path), error.message)
    throw error
  }
}

function offsetIn(text: string, path: ValuePath): number {
  try {
    return offsetOf(parseForEdit(text), path)
  } catch {
    return 0
  }
}

function isBehindEnd(root: JsonValue, path: ValuePath): boolean {
  let value: JsonValue | undefined = root
  for (const step of path.slice(0, -1)) {
    value =
      typeof value === 'object' && value !== null ? (value as Record<string | number, JsonValue>)[step] : undefined
  }
  return !Array.isArray(value) || Number(path.at(-1)) >= value.length
}
