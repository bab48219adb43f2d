import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRotatingFile } from '../../../gateway/logging/rotating-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the log file', () => {
  it('is private and keeps what was there', () => {
    const path = join(folder, 'logs', 'a.log')
    const file = createRotatingFile({ path, maxBytes: 100, keep: 2, onFailure: () => undefined })
    file.write('one\n')
    file.close()
    file.write('two\n')
    file.close()
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('never grows beyond its bound and keeps the newest lines', () => {
    const path = join(folder, 'a.log')
    const file = createRotatingFile({ path, maxBytes: 20, keep: 2, onFailure: () => undefined })
    for (let index = 0; index < 20; index += 1) file.write(`line ${index}\n`)
    file.close()
    expect(readFileSync(path, 'utf8')).toBe('line 18\nline 19\n')
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('line 16\nline 17\n')
    expect(existsSync(`${path}.3`)).toBe(false)
  })

  it('tells once that it cannot write, fails nobody, and goes on when it can again', () => {
    const path = join(folder, 'sub', 'a.log')
    writeFileSync(join(folder, 'sub'), 'a file where the folder should be')
    const failures: Error[] = []
    const file = createRotatingFile({ path, maxBytes: 100, keep: 2, onFailure: (error) => failures.push(error) })
    file.write('lost\n')
    file.write('lost\n')
    expect(failures).toHaveLength(1)
    rmSync(join(folder, 'sub'))
    file.write('kept\n')
    file.close()
    expect(readFileSync(path, 'utf8')).toBe('kept\n')
  })
})
