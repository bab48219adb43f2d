import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundledEntry } from '../../doubles/gateway-bundle.ts'

const entry = await bundledEntry('gateway/cli.ts')
let folder = ''

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Neither keys nor a keychain. */
function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: folder,
    SystemRoot: process.env['SystemRoot'],
    SIGNALBOX_DATA_DIR: join(folder, 'data'),
    SIGNALBOX_KEYCHAIN: '0',
  }
}

/** Runs the real command line without a gateway. */
function signalbox(...argv: string[]): Promise<Ended> {
  const env = environment()
  return new Promise((resolve) => {
    execFile(process.execPath, [entry, ...argv], { env, cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

const config = `model_list:
  - model_name: cheap
    litellm_params: { model: openai/cheap-1, api_base: "http://127.0.0.1:9/v1", api_key: os.environ/NOT_SET_HERE }
  - model_name: strong
    litellm_params: { model: openai/strong-1, api_base: "http://127.0.0.1:9/v1", api_key: os.environ/NOT_SET_HERE }
  - model_name: smart
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers: { SIMPLE: cheap, MEDIUM: cheap, COMPLEX: strong, REASONING: strong }
`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-cli-'))
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data', 'config.yaml'), config)
  writeFileSync(join(folder, 'broken.yaml'), 'model_list: 7\nlitellm_settings: [\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('commands without a running gateway', () => {
  it('route takes the first router of the config, needs no key and no gateway', async () => {
    const { code, stdout } = await signalbox('route', 'hi', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ router: 'smart', tier: 'SIMPLE', candidates: [{ model: 'cheap' }] })
  })

  it('route shows the decision to people', async () => {
    const { code, stdout } = await signalbox(
      'route',
      'think step by step and reason through this',
      '--router',
      'demo-router',
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(/router {2}demo-router\ntier {4}REASONING/)
  })

  it.each([
    [['route', 'hi', '--router', 'strong'], 'There is no router "strong". Routers here: smart, demo-router.'],
    [['route', '--cases', '.'], 'is a folder'],
    [['route', '--cases', 'none.jsonl'], 'There is no file'],
  ])('%j says what is wrong', async (command, words) => {
    const { code, stderr } = await signalbox(...command)
    expect(code).toBe(1)
    expect(stderr).toContain(words)
  })

  it('route --cases gives one object per case, goes on after a bad one and ends with 1', async () => {
    const cases = [
      '{"messages":[{"role":"user","content":"hi"}]}',
      '{"model":"smart","messages":[{"role":"user","content":"CANARY',
      '',
      '{"body":{"model":"no-such-model","messages":[{"role":"user","content":"x"}]}}',
      '{"model":"strong","body":{"messages":[{"role":"user","content":"x"}]}}',
    ]
    writeFileSync(join(folder, 'cases.jsonl'), cases.join('\r\n'))
    const { code, stdout, stderr } = await signalbox('route', '--cases', 'cases.jsonl', '--json')
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toMatchObject([
      { case: 1, router: 'smart', tier: 'SIMPLE' },
      { case: 2, error: { code: 'invalid_json' } },
      { case: 4, error: { code: 'model_not_found', param: 'model' } },
      { case: 5, model: 'strong', router: null },
    ])
    expect(code).toBe(1)
    expect(stdout + stderr).not.toContain('CANARY')
  })

  it('a reader that has seen enough (… | head -1) is no failure', async () => {
    const cases = '{"messages":[{"role":"user","content":"hi"}]}\n'.repeat(2_000)
    writeFileSync(join(folder, 'many.jsonl'), cases)
    const child = spawn(process.execPath, [entry, 'route', '--cases', 'many.jsonl', '--json'], {
      env: environment(),
      cwd: folder,
    })
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
    child.stdout.once('data', () => child.stdout.destroy())
    const [code] = (await once(child, 'close')) as [number]
    expect({ code, complaint }).toEqual({ code: 0, complaint: '' })
  })

  it('config check is 0 with warnings and names what is not set', async () => {
    const { code, stdout } = await signalbox('config', 'check')
    expect(code).toBe(0)
    expect(stdout).toMatch(/NOT_SET_HERE/)
    expect(stdout).toMatch(/is good: 2 models, 1 router\./)
  })

  it('config check FILE is 2 with every problem, for people and for scripts', async () => {
    const forPeople = await signalbox('config', 'check', 'broken.yaml')
    expect(forPeople.code).toBe(2)
    expect(forPeople.stdout).toMatch(/broken\.yaml:\d+/)
    expect(forPeople.stderr).toMatch(/broken\.yaml cannot be used as it is\./)
    const forScripts = await signalbox('config', 'check', 'broken.yaml', '--json')
    expect(forScripts.code).toBe(2)
    const report = JSON.parse(forScripts.stdout) as { ok: boolean; problems: { severity: string; line: number }[] }
    expect(report.ok).toBe(false)
    // All at once: the wrong type in line 1 and the broken syntax after it.
    expect(report.problems.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(1)
    expect((await signalbox('route', 'hi', '--config', 'broken.yaml')).code).toBe(2)
    expect((await signalbox('config', 'check', 'missing.yaml')).code).toBe(2)
  })

  it('models lists what the config names', async () => {
    expect(JSON.parse((await signalbox('models', '--json')).stdout)).toEqual({
      models: ['cheap', 'strong', 'smart'],
      live: false,
    })
  })

  it('doctor says what is missing and what to do', async () => {
    const { stdout } = await signalbox('doctor', '--json')
    const { findings } = JSON.parse(stdout) as { findings: { check: string; state: string; remedy?: string }[] }
    expect(findings.find(({ check }) => check === 'config')?.state).toBe('warning')
    expect(findings.find(({ check }) => check === 'keychain')?.remedy).toContain('SIGNALBOX_KEYCHAIN')
    for (const finding of findings) if (finding.state !== 'ok') expect(finding.remedy).toBeTruthy()
  })

  it.each<[string[], RegExp]>([
    [['keys', 'show'], /No gateway runs/],
    [['ui'], /No gateway runs/],
    [['spend'], /no database/],
    [['spend', '--by', 'colour'], /must be one of model, provider/],
    [['route'], /Give a prompt/],
    [['export', 'opencode'], /No gateway runs/],
    [['rout', 'x'], /route/],
    [['models', '--jsn'], /--json/],
    [['serve', '--prot', '1'], /--port is/],
  ])('%j ends with a sentence on standard error', async (argv, expected) => {
    const { code, stdout, stderr } = await signalbox(...argv)
    expect(code).not.toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toMatch(expected)
    expect(stderr).not.toMatch(/ {4}at /)
  })
})
