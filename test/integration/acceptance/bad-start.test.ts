import { readFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import {
  createGatewayFolder,
  runCommand,
  runGatewayToItsEnd,
  startGatewayProcess,
} from '../../doubles/gateway-process.ts'
import { chat, chatPath, oneModelConfig } from './stack-gateway.ts'

const nowhere = 'http://127.0.0.1:9/v1'

const routerTo = (tierModel: string): string =>
  oneModelConfig(
    nowhere,
    `
  - model_name: test-router
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers:
          SIMPLE: small
          COMPLEX: ${tierModel}
`,
  )

describe('a config that cannot be used', () => {
  test('a tier naming a model that does not exist: exit 2, with line and nearest name', async () => {
    const config = routerTo('smalll')
    const line = config.split('\n').findIndex((text) => text.includes('smalll')) + 1
    const { code, output } = await runGatewayToItsEnd({ config })
    expect({ code, output }).toMatchObject({ code: 2 })
    expect(output).toContain(`config.yaml:${line}`)
    expect(output).toContain('smalll')
    expect(output).toMatch(/\bsmall\b/)
  })

  test('a key written twice: exit 2, with the line of the second', async () => {
    const config = `${oneModelConfig(nowhere)}\nmodel_list: []\n`
    const line = config.split('\n').lastIndexOf('model_list: []') + 1
    const { code, output } = await runGatewayToItsEnd({ config })
    expect({ code, output }).toMatchObject({ code: 2 })
    expect(output).toContain(`config.yaml:${line}`)
  })

  test('`config check` prints the same and ends with 2', async () => {
    const folder = createGatewayFolder({ config: routerTo('smalll') })
    const { code, output } = await runCommand(folder, ['config', 'check', folder.configPath])
    expect({ code, output }).toMatchObject({ code: 2, output: expect.stringContaining('smalll') })
    folder.remove()
  })

  test('all problems at once', async () => {
    const config = `${routerTo('smalll')}\nrouter_settings:\n  num_retries: many\n`
    const { code, output } = await runGatewayToItsEnd({ config })
    expect({ code, output }).toMatchObject({ code: 2 })
    expect(output).toContain('smalll')
    expect(output).toContain('num_retries')
  })
})

test('a tier under a discoverable backend is accepted and waits', async () => {
  const gateway = await startGatewayProcess({ config: routerTo('ollama/llama3.2') })
  try {
    const { routers } = (await (await gateway.request('/api/routers')).json()) as {
      routers: { tiers: { tier: string; models: { name: string; state: string }[] }[] }[]
    }
    const complex = routers[0]?.tiers.find((tier) => tier.tier === 'COMPLEX')
    expect(complex?.models).toEqual([{ name: 'ollama/llama3.2', state: 'waiting' }])
  } finally {
    await gateway.remove()
  }
})

describe('a port that is taken', () => {
  test('by another program: exit 3, with the port and who holds it', async () => {
    const holder = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => {
      holder.listen(0, '127.0.0.1', resolve)
    })
    const { port } = holder.address() as AddressInfo
    const { code, output } = await runGatewayToItsEnd({
      config: oneModelConfig(nowhere),
      flags: ['--port', String(port)],
    })
    await new Promise((resolve) => {
      holder.close(resolve)
    })
    expect({ code, output }).toMatchObject({ code: 3, output: expect.stringContaining(String(port)) })
    if (process.platform === 'linux') {
      expect(output).toContain(String(process.pid))
      expect(output).not.toContain('MainThread')
    }
  })

  test('by a gateway, which goes on', async () => {
    const gateway = await startGatewayProcess({ config: oneModelConfig(nowhere) })
    try {
      const port = new URL(gateway.url).port
      const { code } = await runGatewayToItsEnd({ config: oneModelConfig(nowhere), flags: ['--port', port] })
      expect(code).toBe(3)
      expect((await gateway.request('/v1/models')).status).toBe(200)
    } finally {
      await gateway.remove()
    }
  })
})

test('an unset DATABASE_URL and a missing provider key stop nothing: 401 only for the model that needs it', async () => {
  const config = oneModelConfig(
    nowhere,
    `
  - model_name: keyless
    litellm_params:
      model: openai/keyless-upstream
      api_base: ${nowhere}
      api_key: os.environ/ABSENT_PROVIDER_KEY
general_settings:
  database_url: os.environ/DATABASE_URL
`,
  )
  const gateway = await startGatewayProcess({ config })
  try {
    expect(gateway.output()).toContain('ABSENT_PROVIDER_KEY')
    const refused = await gateway.request(chatPath, chat('keyless', 'hello'))
    expect(refused.status).toBe(401)
    expect(refused.headers.get('x-should-retry')).toBe('false')
    expect(await refused.json()).toMatchObject({
      error: { code: 'provider_key_missing', message: expect.stringContaining('ABSENT_PROVIDER_KEY') },
    })
    // The other model gets as far as its upstream, where nobody listens.
    expect((await gateway.request(chatPath, chat('small', 'hello'))).status).toBe(503)
    expect((await gateway.request('/v1/models')).status).toBe(200)
  } finally {
    await gateway.remove()
  }
})

test('a first start without a config writes one, and the demo answers at once', async () => {
  const gateway = await startGatewayProcess()
  try {
    const answer = await gateway.request(chatPath, chat('demo-router', 'Hello'))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-signalbox-tier')).toBe('SIMPLE')
    expect(await readFile(gateway.folder.configPath, 'utf8')).toContain('model_list')
  } finally {
    await gateway.remove()
  }
})
