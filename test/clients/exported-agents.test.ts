import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { claudeBinary } from './claude-binary.ts'
import { type ClientHome, type ClientRun, createClientHome } from './client-home.ts'
import { type ExportedGateway, isMain, startExportedGateway } from './exported-gateway.ts'
import type { InstalledClient } from './install-client.ts'
import { offline, opencodeBinary } from './run-opencode.ts'

/** An agent that has nothing but what `signalbox export` wrote into its home. */
interface ExportedAgent {
  /** As `export` names it. */
  readonly id: string
  /** As the ledger names it, where that is another name. */
  readonly named?: string
  readonly client: InstalledClient
  command(folder: string, prompt: string): readonly string[]
  /** Shell text that its export asks people to run first; takes what the export printed. */
  readonly setUp?: (printed: string) => string
  /** What keeps it offline and awake; no address, no key, no model. */
  readonly environment: Readonly<Record<string, string>>
}

const clients = inject('clients')

const opencode: ExportedAgent = {
  id: 'opencode',
  client: clients.opencode,
  command: (folder, prompt) => [opencodeBinary(folder), 'run', prompt],
  environment: offline,
}

const claudeCode: ExportedAgent = {
  id: 'claude-code',
  client: clients.claude,
  command: (folder, prompt) => [claudeBinary(folder), '-p', prompt],
  environment: { DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1' },
}

const codex: ExportedAgent = {
  id: 'codex',
  client: clients.codex,
  command: (folder, prompt) => [
    process.execPath,
    join(folder, 'node_modules', '@openai', 'codex', 'bin', 'codex.js'),
    'exec',
    '--profile',
    'signalbox',
    '--skip-git-repo-check',
    '--dangerously-bypass-approvals-and-sandbox',
    prompt,
  ],
  environment: {},
}

const script = (folder: string, ...path: readonly string[]) => [process.execPath, join(folder, 'node_modules', ...path)]

const geminiCli: ExportedAgent = {
  id: 'gemini-cli',
  client: clients.gemini,
  command: (folder, prompt) => [...script(folder, '@google', 'gemini-cli', 'bundle', 'gemini.js'), '-p', prompt],
  environment: { GEMINI_CLI_TRUST_WORKSPACE: 'true' },
}

const qwenCode: ExportedAgent = {
  id: 'qwen-code',
  client: clients.qwen,
  command: (folder, prompt) => [...script(folder, '@qwen-code', 'qwen-code', 'cli-entry.js'), '-p', prompt],
  environment: {},
}

const continueCli: ExportedAgent = {
  id: 'continue',
  client: clients.continue,
  command: (folder, prompt) => [...script(folder, '@continuedev', 'cli', 'dist', 'cn.js'), '-p', prompt],
  setUp: () => 'set -a; . "$HOME/.continue/.env"; set +a',
  environment: { CONTINUE_TELEMETRY_ENABLED: '0', CONTINUE_CLI_ENABLE_TELEMETRY: '0' },
}

const clineCli: ExportedAgent = {
  id: 'cline',
  client: clients.cline,
  command: (folder, prompt) => [join(folder, 'node_modules', '.bin', 'cline'), prompt],
  environment: { CLINE_TELEMETRY_DISABLED: '1' },
}

const copilotCli: ExportedAgent = {
  id: 'copilot-cli',
  named: 'copilot',
  client: clients.copilot,
  command: (folder, prompt) => [join(folder, 'node_modules', '.bin', 'copilot'), '-p', prompt],
  setUp: (printed) => /^(.+); copilot$/mu.exec(printed)?.[1] ?? '',
  environment: {},
}

const answer = 'The answer arrives.'

let gateway: ExportedGateway
let home: ClientHome

beforeAll(async () => {
  gateway = await startExportedGateway()
  home = createClientHome({ name: 'exported', proxy: gateway.proxy, project: { 'note.txt': 'A note.\n' } })
})
beforeEach(() => {
  gateway.upstream.reset()
  gateway.upstream.reply((request) => ({
    kind: 'stream',
    text: isMain(request) ? answer : 'A short title',
    usage: { prompt: isMain(request) ? 1000 : 11, completion: 3 },
  }))
})
afterAll(async () => {
  home.remove()
  await gateway.close()
})

const folderOf = ({ client }: ExportedAgent): string => (client.installed ? client.folder : '')

const setUps = new Map<string, string>()

async function connect(agent: ExportedAgent): Promise<void> {
  const binaries = [join(folderOf(agent), 'node_modules', '.bin')]
  const printed = await gateway.export(
    home.home,
    binaries,
    agent.id,
    '--model',
    'coding-router',
    '--small-model',
    'quick',
  )
  if (agent.setUp !== undefined) setUps.set(agent.id, agent.setUp(printed))
}

function ask(agent: ExportedAgent, prompt: string): Promise<ClientRun> {
  const command = agent.command(folderOf(agent), prompt)
  const setUp = setUps.get(agent.id)
  return home.run(
    setUp === undefined ? command : ['sh', '-c', `${setUp}; exec "$@"`, 'sh', ...command],
    agent.environment,
  )
}

describe.each([opencode, claudeCode, codex, geminiCli, qwenCode, continueCli, clineCli, copilotCli])(
  '$id with nothing but its export',
  (agent) => {
    test.skipIf(!agent.client.installed)(
      'answers through the router it was given, and the ledger names it',
      async () => {
        await connect(agent)
        const run = await ask(agent, 'hello there')
        expect(run, run.errors).toMatchObject({ code: 0, answer: expect.stringContaining(answer) })
        const rows = await gateway.rows(agent.id)
        const main = rows.filter(({ usage }) => usage?.inputTokens === 1000)
        // Some ask again by themselves afterwards, to keep what they learned.
        expect(main.slice(0, 1)).toMatchObject([
          {
            askedModel: 'coding-router',
            router: 'coding-router',
            tier: 'SIMPLE',
            model: 'quick',
            agent: agent.named ?? agent.id,
            keyAlias: agent.id,
            status: 200,
            purpose: null,
          },
        ])
        expect(new Set(rows.map(({ status }) => status))).toEqual(new Set([200]))
      },
    )
  },
)

describe.skipIf(!opencode.client.installed)('opencode', () => {
  test('has its title made by the small model, and the ledger tells it from the work', async () => {
    const rows = await gateway.rows('opencode')
    expect(rows.filter(({ purpose }) => purpose === 'title')).toMatchObject([
      { askedModel: 'quick', router: null, model: 'quick', agent: 'opencode', usage: { inputTokens: 11 } },
    ])
    expect(new Set(rows.map(({ session }) => session)).size).toBe(1)
  })

  test.skipIf(!claudeCode.client.installed)(
    'stops when its key is revoked, is told where to reconnect, and is the only one that stops',
    async () => {
      await gateway.revoke('opencode')
      const stopped = await ask(opencode, 'hello again')
      expect(stopped.answer + stopped.errors).toContain('signalbox export')
      expect(gateway.upstream.requests.filter(({ method }) => method === 'POST')).toEqual([])
      const other = await ask(claudeCode, 'hello')
      expect(other).toMatchObject({ code: 0, answer: expect.stringContaining(answer) })
      await connect(opencode)
      expect((await ask(opencode, 'hello')).answer).toContain(answer)
    },
  )
})
