import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { AgentModel } from '../../../gateway/contract/agents.ts'
import type { Agent, AgentPlace, ExportFacts } from '../../../gateway/agents/agent.ts'
import { createExporter, type Exporter } from '../../../gateway/agents/exporter.ts'

export const secret = 'sk-test-0123456789abcdefghijklmnopqrstuv'

export function testModel(name: string, changes: Partial<AgentModel> = {}): AgentModel {
  return {
    name,
    kind: 'model',
    contextWindow: 200_000,
    maxInputTokens: null,
    maxOutputTokens: 64_000,
    input: ['text', 'image'],
    tools: true,
    reasoning: true,
    efforts: ['low', 'medium', 'high'],
    cost: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
    ...changes,
  }
}

/** A home of its own for the files of agents. */
export interface AgentHome {
  readonly path: string
  readonly place: AgentPlace
  readonly exporter: Exporter
  facts(changes?: Partial<ExportFacts>): ExportFacts
  /** Plans and applies. */
  export(agent: Agent, changes?: Partial<ExportFacts>): void
  put(path: string, content: string | Buffer): string
  /** Every file but our own state, by its path in the home, with mode and content. */
  snapshot(): Record<string, string>
  remove(): void
}

export function createAgentHome(platform: NodeJS.Platform = 'linux'): AgentHome {
  const path = mkdtempSync(join(tmpdir(), 'signalbox-agents-'))
  const place: AgentPlace = { home: path, configHome: join(path, '.config'), platform, environment: {} }
  let now = Date.parse('2026-11-20T12:00:00Z')
  const exporter = createExporter({ place, now: () => (now += 1000), pid: process.pid, isRunning: () => false })
  const auto = testModel('router-auto', { kind: 'router', input: ['text'] })
  const small = testModel('small', { contextWindow: 32_000, maxOutputTokens: 8000, cost: null })
  const facts = (agent: string, changes: Partial<ExportFacts>): ExportFacts => ({
    place,
    url: 'http://127.0.0.1:4000',
    models: [auto, small, testModel('vendor/seeing: "quoted"', { efforts: [] })],
    model: auto,
    smallModel: small,
    key: { secret, file: exporter.state.key(agent) },
    answer: JSON.stringify({ models: [{ slug: 'x', base_instructions: 'Be an agent.' }] }),
    ...changes,
  })
  return {
    path,
    place,
    exporter,
    facts: (changes = {}) => facts('test', changes),
    export: (agent, changes = {}) => exporter.apply(exporter.plan(agent, facts(agent.id, changes), 'key-1')),
    put(name, content) {
      const file = join(path, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
      return file
    },
    snapshot: () => readTree(path),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

function readTree(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const found = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(root, file).startsWith(join('.config', 'signalbox')))
  return Object.fromEntries(
    found.sort().map((file) => {
      const mode = (statSync(file).mode & 0o777).toString(8)
      return [relative(root, file), `${mode} ${readFileSync(file, 'latin1')}`]
    }),
  )
}
