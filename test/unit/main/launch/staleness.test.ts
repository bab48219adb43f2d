import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BuildTarget } from '../../../../main/launch/build-targets.ts'
import { isStale, stampPath } from '../../../../main/launch/staleness.ts'

const target: BuildTarget = {
  name: 'renderer',
  configFile: 'v.ts',
  sources: ['renderer'],
  output: 'out/renderer/index.html',
}
const past = new Date('2026-01-01T00:00:00Z')
const built = new Date('2026-01-02T00:00:00Z')
const later = new Date('2026-01-03T00:00:00Z')
let project: string

const write = (path: string, time: Date) => {
  const file = join(project, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, '')
  utimesSync(file, time, time)
}
const touch = (path: string, time: Date) => utimesSync(join(project, path), time, time)

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'signalbox-stale-'))
  write('renderer/deep/page.tsx', past)
  write(target.output, past)
  write('out/.built-renderer', built)
  touch('renderer/deep', past)
  touch('renderer', past)
})
afterEach(() => rmSync(project, { recursive: true }))

describe('isStale', () => {
  it('is false when nothing changed since the build', () => {
    expect(stampPath(project, target)).toBe(join(project, 'out', '.built-renderer'))
    expect(isStale(project, target)).toBe(false)
  })

  it('is true when a file deep in the sources is newer', () => {
    touch('renderer/deep/page.tsx', later)
    expect(isStale(project, target)).toBe(true)
  })

  it('is true when a file was deleted, which changes its folder only', () => {
    touch('renderer/deep', later)
    expect(isStale(project, target)).toBe(true)
  })

  it('is true when the output is gone though the stamp is there', () => {
    rmSync(join(project, target.output))
    expect(isStale(project, target)).toBe(true)
  })

  it('is true before the first build', () => {
    rmSync(stampPath(project, target))
    expect(isStale(project, target)).toBe(true)
  })

  it('does not mind a source that does not exist', () => {
    expect(isStale(project, { ...target, sources: ['renderer', 'no-such-file'] })).toBe(false)
  })
})
