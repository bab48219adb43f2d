import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CommandContext } from '../../../gateway/cli/command-context.ts'
import { exportAgent, type ExportOptions } from '../../../gateway/cli/export/export-agent.ts'
import type { AgentPlanView, AgentUndo, AgentView } from '../../../gateway/contract/agents.ts'
import { resolvePaths } from '../../../gateway/process/paths.ts'
import type { AuditList } from '../../../gateway/contract/audit.ts'
import type { KeyList } from '../../../gateway/contract/keys.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'

const entry = join(import.meta.dirname, '..', '..', '..', 'gateway', 'cli.ts')
let gateway: GatewayProcess
let home: string

beforeAll(async () => {
  gateway = await startGatewayProcess({ environment: { SIGNALBOX_KEYCHAIN: '0' } })
})
afterAll(() => gateway.remove())
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-export-'))
  return () => rmSync(home, { recursive: true, force: true })
})

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function signalbox(...argv: string[]): Promise<Ended> {
  const env = { PATH: '/usr/bin:/bin', HOME: home, SIGNALBOX_KEYCHAIN: '0' }
  const flags = [...argv, '--data-dir', gateway.folder.dataDir]
  return new Promise((resolve) => {
    execFile(process.execPath, [entry, ...flags], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

/** The command in this process, with the flags as commander reads them: a process for each would make the tests slow. */
async function json<Answer>(_command: 'export', ...argv: string[]): Promise<Answer> {
  const printed: string[] = []
  const { dataDir } = gateway.folder
  const platform = { config: dataDir, data: dataDir }
  const context: CommandContext = {
    paths: resolvePaths({ config: undefined, dataDir, environment: {}, workingDirectory: home, platform }),
    json: true,
    environment: { PATH: '/usr/bin:/bin', HOME: home },
    workingDirectory: home,
    print: async (line) => void printed.push(line),
    note: () => undefined,
  }
  const agent = argv[0]?.startsWith('--') === false ? argv[0] : undefined
  expect(await exportAgent(context, agent, optionsOf(argv))).toBe(0)
  return JSON.parse(printed.join('\n')) as Answer
}

function optionsOf(argv: readonly string[]): ExportOptions {
  const entries = argv.flatMap((flag, index) => {
    if (!flag.startsWith('--')) return []
    const name = flag.slice(2).replaceAll(/-(\w)/gu, (_, letter: string) => letter.toUpperCase())
    const value = argv[index + 1]
    return [[name, value === undefined || value.startsWith('--') ? true : value] as const]
  })
  return Object.fromEntries(entries)
}

function put(path: string, text: string): string {
  const file = join(home, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

async function keyFor(agent: string) {
  const { keys } = (await (await control('/api/keys')).json()) as KeyList
  return keys.filter((key) => key.agent === agent)
}

function control(path: string, init: RequestInit = {}): Promise<Response> {
  return gateway.request(path, { ...init, key: gateway.controlToken })
}

describe('signalbox export', () => {
  it('connects opencode with a key of its own, and gives the exact file back', async () => {
    const text = '// mine\r\n{\r\n\t"theme": "dark", // night\r\n\t"model": "other/one",\r\n}\r\n'
    const file = put('.config/opencode/opencode.jsonc', text)
    const plan = await json<AgentPlanView>('export', 'opencode', '--dry-run')
    expect(plan.files[0]?.diff).toContain('+\t"small_model": "signalbox/demo-router"')
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(await keyFor('opencode')).toEqual([])

    await json('export', 'opencode')
    const first = readFileSync(file, 'utf8')
    expect(first).toContain('\t"theme": "dark", // night\r\n\t"model": "signalbox/demo-router",\r\n')
    const [key] = await keyFor('opencode')
    expect(key).toMatchObject({ alias: 'opencode', kind: 'virtual' })
    const keyFile = /\{file:(?<path>[^}]+)\}/u.exec(first)?.groups?.['path'] ?? ''
    expect(statSync(keyFile).mode & 0o777).toBe(0o600)
    const answer = await gateway.request('/v1/models', { key: readFileSync(keyFile, 'utf8') })
    expect(answer.status).toBe(200)

    await json('export', 'opencode')
    expect(readFileSync(file, 'utf8')).toBe(first)
    expect(await keyFor('opencode')).toHaveLength(1)
    expect((await json<AgentView>('export', 'opencode', '--status')).state).toBe('in place')

    const undone = await json<AgentUndo>('export', 'opencode', '--undo')
    expect(undone).toMatchObject({ keyRevoked: true, files: [{ path: file, outcome: 'restored', kept: [] }] })
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(await keyFor('opencode')).toEqual([])
    expect((await json<AgentView>('export', 'opencode', '--status')).state).toBe('absent')
  })

  it('after an edit by hand takes out what is still ours and says what stays', async () => {
    const file = put('.config/opencode/opencode.json', '{\n  "theme": "dark"\n}\n')
    await json('export', 'opencode')
    const edited = readFileSync(file, 'utf8')
      .replace('"signalbox/demo-router"', '"other/mine"')
      .replace('dark', 'light')
    writeFileSync(file, edited)
    const status = await json<AgentView>('export', 'opencode', '--status')
    expect(status).toMatchObject({ state: 'drifted', drift: [`${file}: model`] })
    const undone = await json<AgentUndo>('export', 'opencode', '--undo')
    expect(undone.files).toEqual([{ path: file, outcome: 'merged', kept: ['model'] }])
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ theme: 'light', model: 'other/mine' })
  })

  it('writes nothing and makes no key where a file cannot be read, and names the place', async () => {
    const text = '{\n  "theme": dark\n}\n'
    const file = put('.config/opencode/opencode.json', text)
    const { code, stderr } = await signalbox('export', 'opencode')
    expect(code).toBe(1)
    expect(stderr).toContain(`${file}:2:12 `)
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(await keyFor('opencode')).toEqual([])
  })

  it('makes the files of Claude Code and Codex where there are none, and leaves nothing of them', async () => {
    put('.claude/history.jsonl', '')
    await json('export', 'claude-code', '--model', 'demo-simple')
    const settings = JSON.parse(readFileSync(join(home, '.claude', 'settings.json'), 'utf8')) as {
      apiKeyHelper: string
      env: Record<string, string>
    }
    expect(settings.env).toMatchObject({
      ANTHROPIC_BASE_URL: gateway.url,
      ANTHROPIC_MODEL: 'demo-simple',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'demo-simple',
      CLAUDE_CODE_MAX_CONTEXT_TOKENS: '128000',
    })
    await json('export', 'codex')
    expect(readFileSync(join(home, '.codex', 'signalbox.config.toml'), 'utf8')).toContain(
      `[model_providers.signalbox]\nname = "Signalbox"\nbase_url = "${gateway.url}/v1"\nwire_api = "responses"\n`,
    )
    await json('export', 'claude-code', '--undo')
    await json('export', 'codex', '--undo')
    expect(() => statSync(join(home, '.claude', 'settings.json'))).toThrow('ENOENT')
    expect(() => statSync(join(home, '.codex'))).toThrow('ENOENT')
  })

  it('stops one agent when its key is blocked, says how to connect it again, and does', async () => {
    await json('export', 'opencode')
    await json('export', 'codex')
    const secret = (agent: string) => readFileSync(join(home, '.config/signalbox/agents/keys', agent), 'utf8')
    const [key] = await keyFor('opencode')
    await control(`/api/keys/${key?.id ?? ''}/block`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    const refused = await gateway.request('/v1/models', { key: secret('opencode') })
    expect(refused.status).toBe(401)
    expect(await refused.text()).toContain('signalbox export opencode')
    expect((await gateway.request('/v1/models', { key: secret('codex') })).status).toBe(200)
    await json('export', 'opencode')
    expect((await gateway.request('/v1/models', { key: secret('opencode') })).status).toBe(200)
    const revoked = secret('opencode')
    await json('export', 'opencode', '--undo')
    const gone = await gateway.request('/v1/models', { key: revoked })
    expect(gone.status).toBe(401)
    expect(await gone.text()).toContain('signalbox export')
    await json('export', 'codex', '--undo')
  })

  it('connects oh-my-openagent with opencode: each of its agents has a model that opencode lists', async () => {
    await json('export', 'oh-my-openagent', '--model', 'demo-router', '--small-model', 'demo-simple')
    const omo = JSON.parse(readFileSync(join(home, '.omo/omo.jsonc'), 'utf8')) as {
      '[opencode]': Record<'agents' | 'categories', Record<string, { model: string }>>
    }
    expect(omo['[opencode]'].agents['hephaestus']).toEqual({ model: 'signalbox/demo-router' })
    expect(omo['[opencode]'].categories['quick']).toEqual({ model: 'signalbox/demo-simple' })
    const listed = readFileSync(join(home, '.config/opencode/opencode.jsonc'), 'utf8')
    expect(listed).toContain('"demo-simple": {')
    await json('export', 'oh-my-openagent', '--undo')
    expect(() => statSync(join(home, '.omo'))).toThrow('ENOENT')
    await json('export', 'opencode', '--undo')
  })

  it('follows the models of the config, and leaves alone what was edited', async () => {
    const file = put('.config/opencode/opencode.json', '{}')
    await json('export', 'opencode')
    const before = readFileSync(file, 'utf8')
    expect((await json<{ agents: string[] }>('export', '--resync')).agents).toEqual([])
    await json('export', 'opencode', '--url', 'http://127.0.0.1:9')
    expect((await json<AgentView>('export', 'opencode', '--status')).state).toBe('outdated')
    expect((await json<{ agents: string[] }>('export', '--resync')).agents).toEqual(['opencode'])
    expect(readFileSync(file, 'utf8')).toBe(before)
    await json('export', 'opencode', '--undo')
  })

  it('lists every agent, and gives words or text to copy where no file would do', async () => {
    const { agents } = await json<{ agents: AgentView[] }>('export')
    expect(agents).toHaveLength(24)
    expect(agents.every(({ state }) => state === 'not installed' || state === 'absent')).toBe(true)
    const cursor = await json<AgentPlanView>('export', 'cursor')
    expect(cursor.notes[0]).toContain('cannot be reached')
    expect(await keyFor('cursor')).toEqual([])
    expect((await json<AgentPlanView>('export', 'curl')).snippet).toContain(`curl ${gateway.url}/v1/chat/completions`)
    await json('export', 'curl', '--undo')
  })

  it('prints files for another home and writes none', async () => {
    const other = join(home, 'other')
    const printed = await json<{ files: { path: string; content: string }[] }>(
      'export',
      'opencode',
      '--print',
      '--home',
      other,
      '--url',
      'http://10.0.0.5:4000',
    )
    expect(printed.files.map(({ path }) => path)).toEqual([join(other, '.config/opencode/opencode.jsonc')])
    expect(printed.files[0]?.content).toContain('"baseURL": "http://10.0.0.5:4000/v1"')
    expect(() => statSync(other)).toThrow('ENOENT')
    await expect(json('export', 'opencode', '--home', '')).rejects.toThrow('--home is empty')
    await json('export', 'gemini-cli')
    const secret = readFileSync(join(home, '.config/signalbox/agents/keys/gemini-cli'), 'utf8')
    const again = await json<{ files: { content: string }[] }>('export', 'gemini-cli', '--print')
    expect(again.files[0]?.content).toContain('GEMINI_API_KEY=sk-made-when-connected')
    expect(JSON.stringify(again)).not.toContain(secret)
    await json('export', 'gemini-cli', '--undo')
  })

  it('serves the same over the control API for the home of the gateway', async () => {
    const post = (path: string, body: object = {}) =>
      control(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
    const plan = await post('/api/agents/opencode/plan', { model: 'demo-router' })
    expect(plan.status).toBe(200)
    expect((await post('/api/agents/opencode/connect')).status).toBe(200)
    const list = (await (await control('/api/agents')).json()) as { agents: AgentView[] }
    expect(list.agents.find(({ id }) => id === 'opencode')).toMatchObject({ state: 'in place', model: 'demo-router' })
    expect((await post('/api/agents/opencode/connect', { model: 'nothing' })).status).toBe(409)
    expect((await post('/api/agents/emacs/connect')).status).toBe(404)
    const { folder, url: before } = gateway
    const file = join(folder.home, '.config/opencode/opencode.jsonc')
    expect(readFileSync(file, 'utf8')).toContain(before)

    const mine = put('.config/opencode/opencode.json', '{ "theme": "dark" }')
    await json('export', 'opencode')
    const left = (await keyFor('opencode')).find(({ alias }) => alias !== 'opencode')

    await gateway.kill('SIGTERM')
    // Files are taken back without a gateway too; the key stays, which is said.
    expect(await json<AgentUndo>('export', 'opencode', '--undo')).toMatchObject({
      keyRevoked: false,
      notes: [expect.stringContaining('is not revoked')],
    })
    expect(readFileSync(mine, 'utf8')).toBe('{ "theme": "dark" }')
    await expect(json('export', 'opencode')).rejects.toThrow('No gateway runs')
    // The next start takes another port: what is connected has to find it there.
    gateway = await startGatewayProcess({ folder, environment: { SIGNALBOX_KEYCHAIN: '0', SIGNALBOX_DISCOVER: '0' } })
    expect(gateway.url).not.toBe(before)
    await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 60_000 }).toContain(gateway.url)
    expect((await control(`/api/keys/${left?.id ?? ''}`, { method: 'DELETE' })).status).toBe(200)

    // Switched on, the files are as before while no gateway runs, and the next start connects again with the same key.
    const { keyId } = (await (await control('/api/agents/opencode')).json()) as AgentView
    const { revision } = (await (await control('/api/config')).json()) as { revision: string }
    const edits = [{ op: 'set', path: ['signalbox', 'agents', 'restore_on_quit'], value: true }]
    expect(await (await post('/api/config/edits', { revision, edits })).json()).toMatchObject({ written: true })
    await gateway.kill('SIGTERM')
    expect(() => statSync(file)).toThrow('ENOENT')
    gateway = await startGatewayProcess({ folder, environment: { SIGNALBOX_KEYCHAIN: '0', SIGNALBOX_DISCOVER: '0' } })
    await expect
      .poll(async () => (await (await control('/api/agents/opencode')).json()) as AgentView, { timeout: 60_000 })
      .toMatchObject({ state: 'in place', model: 'demo-router', keyId })
    expect(readFileSync(file, 'utf8')).toContain(gateway.url)

    // While it runs, a model that the config gains is in the agent's list by itself.
    const { revision: latest } = (await (await control('/api/config')).json()) as { revision: string }
    const gained = {
      model_name: 'gained',
      litellm_params: { model: 'openai/gained', api_base: 'http://127.0.0.1:9/v1', api_key: 'k' },
    }
    const gain = { revision: latest, edits: [{ op: 'append', path: ['model_list'], value: gained }] }
    expect(await (await post('/api/config/edits', gain)).json()).toMatchObject({ written: true })
    await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 60_000 }).toContain('"gained"')

    expect(await (await post('/api/agents/opencode/disconnect')).json()).toMatchObject({ keyRevoked: true })
    const { events } = (await (await control('/api/audit')).json()) as AuditList
    const noted = events.filter(({ subject }) => subject === 'opencode').map(({ action, actor }) => [action, actor])
    expect(noted).toEqual([
      ['agent.disconnected', 'control token'],
      // Whoever changed the config has changed the agents that follow it.
      ['agent.resynced', 'control token'],
      ['agent.woken', 'gateway'],
      ['agent.rested', 'gateway'],
      ['agent.resynced', 'gateway'],
      ['agent.connected', 'control token'],
    ])
  })
})
