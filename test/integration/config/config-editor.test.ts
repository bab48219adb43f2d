import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  lstatSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createConfigEditor } from '../../../gateway/config/edit/config-editor.ts'
import { readCatalogue } from '../../../gateway/config/providers/catalogue.ts'
import { refusalOf } from '../../unit/routing/routing-fixtures.ts'

const text = `model_list:
  - model_name: small  # quick
    litellm_params: { model: openai/gpt-5.6-mini, api_key: sk-test }
`

function open(given = text) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-edit-'))
  const path = join(folder, 'config.yaml')
  writeFileSync(path, given)
  chmodSync(path, 0o640)
  let reloads = 0
  const load = { path, lookup: () => undefined, catalogue: readCatalogue() }
  return { folder, path, reloads: () => reloads, editor: createConfigEditor({ load, reload: () => (reloads += 1) }) }
}

describe('the config editor', () => {
  it('writes one value, keeps the rest and the mode, and puts it into effect', () => {
    const { path, editor, reloads, folder } = open()
    const { revision } = editor.read()
    const outcome = editor.edit([{ op: 'set', path: ['signalbox', 'port'], value: 4010 }], revision)
    expect(outcome).toMatchObject({ written: true })
    expect(readFileSync(path, 'utf8')).toBe(`${text}signalbox:\n  port: 4010\n`)
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(reloads()).toBe(1)
    expect(readdirSync(folder)).toEqual(['config.yaml'])
  })

  it('writes nothing that would have errors, and tells them', () => {
    const { path, editor, reloads } = open()
    const outcome = editor.edit([{ op: 'set', path: ['signalbox', 'port'], value: 'many' }], editor.read().revision)
    expect(outcome.written).toBe(false)
    expect(outcome.problems.filter(({ severity }) => severity === 'error')).toEqual([
      expect.objectContaining({ path: 'signalbox.port', line: 5 }),
    ])
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(reloads()).toBe(0)
  })

  it('notices an edit by hand in between', () => {
    const { path, editor } = open()
    const { revision } = editor.read()
    writeFileSync(path, `${text}# by hand\n`)
    const edit = () => editor.edit([{ op: 'set', path: ['signalbox', 'port'], value: 4010 }], revision)
    expect(refusalOf(edit)).toMatchObject({ code: 'conflict', param: 'revision' })
    expect(readFileSync(path, 'utf8')).toBe(`${text}# by hand\n`)
  })

  it('says why an edit cannot be spliced', () => {
    const { editor } = open('a: &x {b: 1}\nc: *x\n')
    const edit = () => editor.edit([{ op: 'set', path: ['c', 'b'], value: 1 }], editor.read().revision)
    expect(refusalOf(edit)).toMatchObject({
      code: 'invalid_field',
      message: expect.stringContaining('edit the file by hand'),
    })
  })

  it('writes through a symbolic link', () => {
    const { folder, path } = open()
    const link = join(folder, 'link.yaml')
    symlinkSync(path, link)
    const load = { path: link, lookup: () => undefined, catalogue: readCatalogue() }
    const editor = createConfigEditor({ load, reload: () => undefined })
    editor.edit([{ op: 'set', path: ['signalbox', 'demo'], value: 'off' }], editor.read().revision)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readFileSync(path, 'utf8')).toContain('demo: off')
  })
})
