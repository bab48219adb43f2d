import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { cacheClear } from '../../../gateway/cli/cache.ts'
import type { CommandContext } from '../../../gateway/cli/command-context.ts'
import { resolvePaths } from '../../../gateway/process/paths.ts'
import { answersFileName } from '../../../gateway/store/answer-repository.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { type CachedGateway, helloInKind, startCachedGateway } from './cached-gateway.ts'

const cacheOn = 'litellm_settings:\n  cache: true'
let double: CachedGateway

afterEach(() => double.stop())

async function start(settings: string): Promise<void> {
  double = await startCachedGateway(settings)
  double.upstream.reply(helloInKind)
}

const chat = (gateway: GatewayProcess = double.gateway, more: object = {}) =>
  gateway.request('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'chat-completions', messages: [{ role: 'user', content: 'hello' }], ...more }),
  })
const isHit = (response: Response) => response.headers.has('x-litellm-cache-key')
const file = () => join(double.gateway.folder.dataDir, answersFileName)

/** `cache clear` on the data of the gateway, in this process. */
async function clear(): Promise<string[]> {
  const { path, dataDir } = double.gateway.folder
  const printed: string[] = []
  const context: CommandContext = {
    paths: resolvePaths({
      config: undefined,
      dataDir,
      environment: {},
      workingDirectory: path,
      platform: { config: path, data: path },
    }),
    json: false,
    environment: {},
    workingDirectory: path,
    print: async (line) => void printed.push(line),
    note: () => {},
  }
  expect(await cacheClear(context)).toBe(0)
  return printed
}

describe('the file of kept answers', () => {
  it('does not exist, and nothing is kept, until the config switches the cache on', async () => {
    await start('')
    await chat()
    expect(isHit(await chat(double.gateway, { cache: { 'use-cache': true, ttl: 60 } }))).toBe(false)
    expect(existsSync(file())).toBe(false)
    expect((await double.gateway.request('/cache/ping')).status).toBe(503)
  })

  it('keeps answers over a restart', async () => {
    await start(cacheOn)
    await chat()
    await double.gateway.kill('SIGTERM')
    const again = await startGatewayProcess({ folder: double.gateway.folder })
    try {
      expect(isHit(await chat(again))).toBe(true)
      expect(double.upstream.requests).toHaveLength(1)
    } finally {
      await again.kill('SIGTERM')
    }
  })

  it('is emptied by `cache clear`, while the gateway runs and while it does not', async () => {
    await start(cacheOn)
    await chat()
    expect(await clear()).toEqual(['deleted 1 kept answers'])
    expect(isHit(await chat())).toBe(false)
    await double.gateway.kill('SIGTERM')
    expect(existsSync(file())).toBe(true)
    expect(await clear()).toEqual(['deleted the file of kept answers'])
    expect(existsSync(file())).toBe(false)
  })

  it('that is damaged keeps nobody from an answer, and `cache clear` begins a new one', async () => {
    await start(cacheOn)
    writeFileSync(file(), 'this is no database, and longer than its head would be'.repeat(100))
    expect((await chat()).status).toBe(200)
    expect((await chat()).status).toBe(200)
    await clear()
    await chat()
    expect(isHit(await chat())).toBe(true)
  })
})

describe('answers for those who ask', () => {
  it('are kept with mode default_off only for requests that say use-cache', async () => {
    await start(`${cacheOn}\n  cache_params: { mode: default_off }`)
    await chat()
    expect(isHit(await chat())).toBe(false)
    const asking = { cache: { 'use-cache': true } }
    expect(isHit(await chat(double.gateway, asking))).toBe(false)
    expect(isHit(await chat(double.gateway, asking))).toBe(true)
    expect(isHit(await chat())).toBe(false)
  })

  it('are not found any more when the model stands for another one', async () => {
    await start(cacheOn)
    await chat()
    const before = readFileSync(double.gateway.folder.configPath, 'utf8')
    double.gateway.writeConfig(before.replace('openai-compatible-only/model', 'openai-compatible-only/newer'))
    let answer = await chat()
    while (isHit(answer)) answer = await chat()
    expect(double.upstream.requests.at(-1)?.json?.model).toBe('newer')
  })
})
