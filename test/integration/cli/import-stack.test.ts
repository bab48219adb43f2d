import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
const configs = join(root, 'test', 'fixtures', 'configs')
const compose = `services:
  litellm:
    image: docker.litellm.ai/berriai/litellm:main-stable
    ports: ["4000:4000"]
    volumes: [./litellm_config.yaml:/app/config.yaml:ro, ./providers.json:/x/providers.json:ro]
    environment:
      DATABASE_URL: postgresql://u:\${POSTGRES_PASSWORD}@postgres/litellm
      OPENAI_API_KEY: \${OPENAI_API_KEY}
    command: ["--config", "/app/config.yaml"]
  redis: { image: redis:7 }
`

let folder = ''
let stack = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-import-'))
  stack = join(folder, 'stack')
  mkdirSync(stack)
  cpSync(join(configs, 'seed-stack.yaml'), join(stack, 'litellm_config.yaml'))
  cpSync(join(configs, 'providers.json'), join(stack, 'providers.json'))
  writeFileSync(join(stack, 'docker-compose.yaml'), compose)
  writeFileSync(
    join(stack, '.env'),
    'POSTGRES_PASSWORD=pw-secret\nOPENAI_API_KEY=sk-very-secret\nLITELLM_MASTER_KEY=sk-m-secret\n',
  )
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the real command line; the keychain is off, so that no test writes into a person's. */
function signalbox(...argv: string[]): Promise<{ code: number; text: string }> {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    SIGNALBOX_DATA_DIR: join(folder, 'data'),
    SIGNALBOX_KEYCHAIN: '0',
  }
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'gateway', 'cli.ts'), ...argv], { env, cwd: folder }, (error, out, err) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, text: out + err }),
    )
  })
}

const imported = () => readFileSync(join(folder, 'data', 'config.yaml'), 'utf8')

describe('signalbox import', () => {
  it('shows what it would do and changes nothing', async () => {
    const { code, text } = await signalbox('import', stack, '--dry-run')
    expect(code).toBe(0)
    expect(text).toContain('keychain   OPENAI_API_KEY')
    expect(text).toContain('left       DATABASE_URL')
    expect(readdirSync(folder)).toEqual(['stack'])
  })

  it('takes the config byte for byte, says which keys were not kept, prints no secret', async () => {
    const before = readdirSync(stack).map((name) => readFileSync(join(stack, name), 'utf8'))
    const { code, text } = await signalbox('import', stack)
    expect(code).toBe(1)
    expect(imported()).toBe(readFileSync(join(stack, 'litellm_config.yaml'), 'utf8'))
    expect(readFileSync(join(folder, 'data', 'providers.json'), 'utf8')).toBe(before.at(-1))
    expect(text).toContain('NOT KEPT   OPENAI_API_KEY')
    expect(text).toContain('SIGNALBOX_KEYCHAIN=0')
    expect(text).not.toContain('secret')
    expect(readdirSync(stack).map((name) => readFileSync(join(stack, name), 'utf8'))).toEqual(before)
  })

  it('finds everything done the second time', async () => {
    await signalbox('import', stack)
    const { text } = await signalbox('import', stack, '--json')
    expect(JSON.parse(text)).toMatchObject({ config: { was: 'same', backup: null } })
    expect(readdirSync(join(folder, 'data')).toSorted()).toEqual(['config.yaml', 'providers.json'])
  })

  it('leaves a config of your own alone, or keeps it beside the new one', async () => {
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'data', 'config.yaml'), '# my own\nmodel_list: []\n')
    const refused = await signalbox('import', stack)
    expect(refused.code).not.toBe(0)
    expect(refused.text).toContain('--replace')
    expect(imported()).toBe('# my own\nmodel_list: []\n')
    await signalbox('import', stack, '--replace')
    const kept = readdirSync(join(folder, 'data')).filter((name) => name.includes('.before-import-'))
    expect(kept.map((name) => readFileSync(join(folder, 'data', name), 'utf8'))).toEqual(['# my own\nmodel_list: []\n'])
  })

  it.each([
    ['a folder that is not there', 'nowhere', 'is no folder'],
    ['a folder without a stack', '.', 'There is no litellm_config.yaml'],
  ])('says what is wrong with %s', async (_name, path, sentence) => {
    const { code, text } = await signalbox('import', path)
    expect(code).not.toBe(0)
    expect(text).toContain(sentence)
  })

  it('does not take a config with errors', async () => {
    writeFileSync(join(stack, 'litellm_config.yaml'), 'model_list: 7\n')
    const { code, text } = await signalbox('import', stack)
    expect(code).toBe(2)
    expect(text).toContain('Nothing was changed')
    expect(readdirSync(folder)).toEqual(['stack'])
  })
})
