import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claudeCode } from '../../../gateway/agents/claude-code/claude-code.ts'
import { codex } from '../../../gateway/agents/codex/codex.ts'
import { createExporter } from '../../../gateway/agents/exporter.ts'
import { type AgentHome, createAgentHome } from './agent-home.ts'

const script = join(import.meta.dirname, 'killed-export.ts')
const steps = ['journal', 'signalbox.config.toml', 'signalbox-models.json', 'keys/codex', 'record', 'end'] as const

let home: AgentHome
beforeEach(() => {
  home = createAgentHome()
  home.put('.codex/signalbox.config.toml', '# mine\nmodel = "old"\n')
})
afterEach(() => home.remove())

/** Runs an export or an undo of Codex in a process of its own that kills itself (SIGKILL) before a step. */
function runKilled(what: 'export' | 'undo', step: string): void {
  const facts = join(home.path, 'facts.json')
  writeFileSync(
    facts,
    JSON.stringify({ ...home.facts(), key: { ...home.facts().key, file: home.exporter.state.key('codex') } }),
  )
  const ended = spawnSync(process.execPath, [script, what, step, facts], { encoding: 'utf8' })
  expect(ended.signal, ended.stderr).toBe('SIGKILL')
}

function tree(): Record<string, string> {
  const { 'facts.json': _, ...files } = home.snapshot()
  return files
}

describe('a process killed while it exports', () => {
  it.each(steps)('before %s leaves each file old or new, and the next start puts all of them right', (step) => {
    const before = tree()
    runKilled('export', step)
    const between = tree()
    home.exporter.repair()
    const repaired = tree()
    const isDone = step === 'end'
    expect(home.exporter.record('codex') !== undefined).toBe(isDone)
    if (!isDone) expect(repaired).toEqual(before)
    home.export(codex)
    const after = tree()
    if (isDone) expect(repaired).toEqual(after)
    for (const [path, text] of Object.entries(between)) expect([before[path], after[path]]).toContain(text)
    home.exporter.undo('codex')
    expect(tree()).toEqual(before)
  })

  it.each(['journal', 'signalbox.config.toml', 'record'])('and while it takes back, before %s, likewise', (step) => {
    const before = tree()
    home.export(codex)
    const after = tree()
    runKilled('undo', step)
    for (const [path, text] of Object.entries(tree())) expect([before[path], after[path]]).toContain(text)
    home.exporter.repair()
    expect(tree()).toEqual(after)
    home.exporter.undo('codex')
    expect(tree()).toEqual(before)
  })

  it('is not disturbed while it still runs', () => {
    runKilled('export', 'record')
    const { place } = home
    const other = createExporter({ place, now: () => 0, pid: process.pid, isRunning: () => true })
    expect(() => other.repair()).toThrow('Another process')
  })
})

describe('a step that fails', () => {
  it('leaves every file as it was, and no journal', () => {
    const before = tree()
    const { place } = home
    let step = 0
    for (let failing = 1; failing <= 5; failing += 1) {
      step = 0
      const beforeStep = () => {
        step += 1
        if (step === failing) throw Object.assign(new Error('full'), { code: 'ENOSPC', path: 'a file' })
      }
      const exporter = createExporter({ place, now: () => 0, pid: process.pid, isRunning: () => false, beforeStep })
      expect(() => exporter.apply(exporter.plan(codex, home.facts(), 'k'))).toThrow(/ENOSPC|full/u)
      expect(tree()).toEqual(before)
      expect(exporter.record('codex')).toBeUndefined()
    }
  })

  it('such as somebody else’s edit at that moment is told, and the edit stays', () => {
    const file = join(home.path, '.claude/settings.json')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, '{}')
    const { exporter } = home
    const planned = exporter.plan(claudeCode, home.facts(), 'k')
    writeFileSync(file, '{"mine":1}')
    expect(() => exporter.apply(planned)).toThrow('was changed while it was being edited')
    expect(readFileSync(file, 'utf8')).toBe('{"mine":1}')
  })
})
