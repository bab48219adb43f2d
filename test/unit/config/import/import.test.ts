import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planImport } from '../../../../gateway/config/import/plan-import.ts'
import { fillIn, readCompose, readEnvFile } from '../../../../gateway/config/import/read-compose.ts'

const compose = `services:
  postgres: { image: postgres:16 }
  litellm:
    image: docker.litellm.ai/berriai/litellm:main-stable
    ports: ["127.0.0.1:4100:4000"]
    env_file: [.env, { path: keys.env, required: false }]
    volumes:
      - ./litellm_config.yaml:/app/config.yaml:ro
      - ./providers.json:/app/.venv/lib/python3.13/site-packages/litellm/llms/openai_like/providers.json:ro
    environment:
      OPENAI_API_KEY: \${OPENAI_API_KEY}
      PASSED_ON:
      REDIS_PORT: 6379
    command: ["--config", "/app/config.yaml", "--port", "4000"]
`

describe('readCompose', () => {
  it('finds config, providers, env files, port and the rest of the stack', () => {
    expect(readCompose(compose)).toEqual({
      configPath: './litellm_config.yaml',
      providersPath: './providers.json',
      envFiles: ['.env', 'keys.env'],
      environment: new Map([
        ['OPENAI_API_KEY', '${OPENAI_API_KEY}'],
        ['PASSED_ON', '${PASSED_ON}'],
        ['REDIS_PORT', '6379'],
      ]),
      port: 4100,
      otherServices: ['postgres'],
    })
  })

  it('reads lists of variables, a command in one line and long mounts', () => {
    const stack = readCompose(`services:
  proxy:
    image: ghcr.io/berriai/litellm
    command: --port 4000 --config=/etc/llm.yml
    environment: [A=1, B]
    ports: [{ published: 8080, target: 4000 }]
    volumes: [{ type: bind, source: ./here.yml, target: /etc/llm.yml }]
`)
    expect(stack).toMatchObject({ configPath: './here.yml', port: 8080 })
    expect([...(stack?.environment ?? [])]).toEqual([
      ['A', '1'],
      ['B', '${B}'],
    ])
  })

  it.each(['services: { web: { image: nginx } }', 'not: [yaml', '', '- 1'])('gives nothing for %s', (text) => {
    expect(readCompose(text)).toBeUndefined()
  })

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void readCompose(`services:\n  litellm: ${text}`)))
  })
})

describe('fillIn', () => {
  it('takes values from outside, defaults, and dollars as they are', () => {
    const written = new Map([
      ['A', '${X}'],
      ['B', '${MISSING:-other}'],
      ['C', 'a$$b'],
      ['D', '$X/y'],
      ['E', '${MISSING}'],
    ])
    expect([...fillIn(written, new Map([['X', 'x']]))]).toEqual([
      ['A', 'x'],
      ['B', 'other'],
      ['C', 'a$b'],
      ['D', 'x/y'],
    ])
  })
})

describe('planImport', () => {
  const configText = 'model_list: []  # mine\ngeneral_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n'
  const values = readEnvFile('OPENAI_API_KEY="sk-1"\nEMPTY=\nLITELLM_MASTER_KEY=sk-m\nDATABASE_URL=x\nOTHER=1\n')

  it('takes the keys that the config refers to and says why the rest is left', () => {
    const wanted = ['OPENAI_API_KEY', 'MISTRAL_API_KEY', 'LITELLM_MASTER_KEY', 'DATABASE_URL']
    const plan = planImport({ configText, wanted, values, namesMasterKey: true, port: 4000 })
    expect(plan.configText).toBe(configText)
    expect([...plan.secrets.keys()]).toEqual(['OPENAI_API_KEY', 'LITELLM_MASTER_KEY'])
    expect(plan.unset).toEqual(['MISTRAL_API_KEY'])
    expect(plan.left).toEqual([
      { name: 'DATABASE_URL', why: 'the ledger is a built-in SQLite file' },
      { name: 'OTHER', why: 'nothing in the config refers to it' },
    ])
  })

  it('keeps the master key of the environment and the port of the stack', () => {
    const plan = planImport({ configText: '# a\n', wanted: [], values, namesMasterKey: false, port: 4100 })
    expect(plan.configText).toBe(
      '# a\ngeneral_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\nsignalbox:\n  port: 4100\n',
    )
    expect([...plan.secrets.keys()]).toEqual(['LITELLM_MASTER_KEY'])
  })
})
