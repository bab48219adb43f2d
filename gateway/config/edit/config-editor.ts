import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import type { ConfigProblem } from '../../contract/status.ts'
import { GatewayError } from '../../model/errors.ts'
import { type LoadOptions, loadConfig, readFileIfThere } from '../load-config.ts'
import { replaceFile } from './replace-file.ts'
import { spliceYaml } from './splice-yaml.ts'
import { EditRefusedError, type YamlEdit } from './yaml-edit.ts'

/** The text of the file as it is now. */
export interface ConfigText {
  readonly path: string
  readonly text: string
  /** Of the bytes: an edit names the one it was made for. */
  readonly revision: string
}

export interface EditOutcome extends ConfigText {
  /** False when the result would have errors: the file is as it was, `text` is what it would have been. */
  readonly written: boolean
  /** Of the text given here. */
  readonly problems: readonly ConfigProblem[]
}

/** Changes the configuration file by hand of the interface: only the bytes of the values concerned, never over an edit made in between. */
export interface ConfigEditor {
  read(): ConfigText
  /** Splices single values. @throws GatewayError `conflict` when the file has changed since `revision`, `invalid_field` for an edit that cannot be spliced */
  edit(edits: readonly YamlEdit[], revision: string): EditOutcome
  /** Replaces the whole text. @throws GatewayError `conflict` */
  replace(text: string, revision: string): EditOutcome
  /** What a text would mean; writes nothing. */
  check(text: string): readonly ConfigProblem[]
}

export interface ConfigEditorDependencies {
  /** As the running configuration is read. */
  readonly load: LoadOptions
  /** Puts what was written into effect at once, without waiting for the watcher. */
  readonly reload: () => void
}

export function createConfigEditor({ load, reload }: ConfigEditorDependencies): ConfigEditor {
  const path = resolve(load.path)
  const readFile = load.readFile ?? readFileIfThere

  const read = (): ConfigText => {
    const text = readFile(path) ?? ''
    return { path, text, revision: revisionOf(text) }
  }
  const loadText = (text: string) =>
    loadConfig({ ...load, readFile: (other) => (other === path ? text : readFile(other)) })

  const put = (before: ConfigText, text: string): EditOutcome => {
    const { config, problems } = loadText(text)
    const outcome = { path, text, revision: before.revision, problems }
    if (config === undefined) return { ...outcome, written: false }
    if (text === before.text) return { ...outcome, written: true }
    replaceFile(path, text, { newFileMode: 0o600 })
    reload()
    return { ...outcome, revision: revisionOf(text), written: true }
  }

  const readUnchanged = (revision: string): ConfigText => {
    const now = read()
    if (now.revision === revision) return now
    throw new GatewayError(
      'conflict',
      'The config file was changed by somebody else since it was read. Read it again and repeat the change.',
      { param: 'revision' },
    )
  }

  return {
    read,
    edit(edits, revision) {
      const before = readUnchanged(revision)
      return put(before, splice(before.text, edits))
    },
    replace: (text, revision) => put(readUnchanged(revision), text),
    check: (text) => loadText(text).problems,
  }
}

function splice(text: string, edits: readonly YamlEdit[]): string {
  try {
    return spliceYaml(text, edits)
  } catch (error) {
    if (!(error instanceof EditRefusedError)) throw error
    throw new GatewayError('invalid_field', error.message, { param: 'edits' })
  }
}

function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
