import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { RecordedRequest, Script } from '../doubles/upstream-server.ts'
import { type ClientHome, createClientHome } from './client-home.ts'
import { type ExportedGateway, isMain, startExportedGateway } from './exported-gateway.ts'
import { offline, opencodeBinary } from './run-opencode.ts'

const { opencode, omo } = inject('clients')

const tasks = [
  ['quick', 'Fix the typo called alpha.'],
  ['deep', 'Think about the matter called beta.'],
] as const

let gateway: ExportedGateway
let home: ClientHome

beforeAll(async () => {
  gateway = await startExportedGateway()
  home = createClientHome({ name: 'omo', proxy: gateway.proxy, project: { 'note.txt': 'A note.\n' } })
})
afterAll(async () => {
  home.remove()
  await gateway.close()
})

/** The orchestrator gives one task to each category; whoever has a task answers it. */
function play(request: RecordedRequest): Script {
  if (!isMain(request)) return { kind: 'stream', text: 'A title' }
  const messages = request.json?.messages ?? []
  const last = JSON.stringify(messages.at(-1))
  const own = tasks.find(([, prompt]) => last.includes(prompt) && messages.at(-1)?.role === 'user')
  if (own !== undefined) return { kind: 'stream', text: `The ${own[0]} task is done.` }
  if (messages.some(({ role }) => role === 'tool')) return { kind: 'stream', text: 'Both tasks are done.' }
  return {
    kind: 'stream',
    toolCalls: tasks.map(([category, prompt], index) => ({
      id: `call_${index}`,
      name: 'task',
      arguments: [
        JSON.stringify({ category, prompt, description: category, run_in_background: false, load_skills: [] }),
      ],
    })),
  }
}

test.skipIf(!opencode.installed || !omo.installed)(
  'oh-my-openagent sends its agents to the models of the table: an orchestrator and two categories',
  async () => {
    if (!opencode.installed || !omo.installed) return
    const plugin = pathToFileURL(join(omo.folder, 'node_modules', 'oh-my-opencode')).href
    const file = join(home.home, '.config', 'opencode', 'opencode.jsonc')
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, `{\n  // mine\n  "plugin": ["${plugin}"]\n}\n`)
    await gateway.export(home.home, [], 'opencode', '--model', 'coding-router', '--small-model', 'quick')
    await gateway.export(home.home, [], 'oh-my-openagent')
    expect(readFileSync(file, 'utf8')).toContain('// mine')
    gateway.upstream.reply(play)
    const run = await home.run([opencodeBinary(opencode.folder), 'run', 'Have both done.'], {
      ...offline,
      OPENCODE_DISABLE_DEFAULT_PLUGINS: 'false',
      OMO_DISABLE_POSTHOG: '1',
      OMO_SEND_ANONYMOUS_TELEMETRY: '0',
    })
    const rows = await gateway.rows('opencode')
    const seen = rows.map(({ role, router, model, agent, purpose, status }) => ({
      role,
      router,
      model,
      agent,
      purpose,
      status,
    }))
    expect(run).toMatchObject({ code: 0, answer: expect.stringContaining('Both tasks are done.') })
    const answered = (role: string, router: string | null, model: string) =>
      expect(seen).toContainEqual({ role, router, model, agent: 'opencode', purpose: null, status: 200 })
    answered('role/sisyphus', 'coding-router', 'quick')
    answered('category/quick', null, 'quick')
    answered('category/deep', 'other-router', 'strong')
  },
)
