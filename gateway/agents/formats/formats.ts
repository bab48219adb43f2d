import type { FormatName } from '../agent.ts'
import { dotenv } from './dotenv.ts'
import type { Format } from './format.ts'
import { jsonc } from './jsonc.ts'
import { toml } from './toml.ts'
import { yaml } from './yaml.ts'

const byName: Readonly<Record<FormatName, Format>> = { jsonc, yaml, toml, dotenv }

/** The format of this name, for texts that may begin with a byte order mark: it stays. */
export function formatOf(name: FormatName): Format {
  const format = byName[name]
  return {
    parse: (text) => format.parse(split(text).body),
    set: (text, path, value) => keepingMark(text, (body) => format.set(body, path, value)),
    remove: (text, path) => keepingMark(text, (body) => format.remove(body, path)),
  }
}

function split(text: string): { readonly mark: string; readonly body: string } {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  return { mark, body: text.slice(mark.length) }
}

function keepingMark(text: string, edit: (body: string) => string): string {
  const { mark, body } = split(text)
  return mark + edit(body)
}
