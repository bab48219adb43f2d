import { afterAll, describe, expect, it } from 'vitest'
import type { BackendList } from '../../../gateway/contract/backends.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'

/** Whatever real server of models is there: `SIGNALBOX_TEST_BACKEND=http://127.0.0.1:11434 npx vitest run test/integration/backends`. */
const url = process.env['SIGNALBOX_TEST_BACKEND']

let gateway: GatewayProcess | undefined

afterAll(async () => gateway?.remove())

describe.skipIf(url === undefined)('the server of SIGNALBOX_TEST_BACKEND', () => {
  it('is identified, lists its models and answers a chat, streamed too', async () => {
    const started = await startGatewayProcess({ config: `backends: {real: {url: "${url}"}}\n` })
    gateway = started
    let list: BackendList
    do {
      await new Promise((resolve) => setTimeout(resolve, 200))
      list = (await (await started.request('/api/backends')).json()) as BackendList
    } while (list.backends[0]?.state === 'unknown' || list.backends[0]?.state === 'starting')
    const [backend] = list.backends
    expect(backend).toMatchObject({ state: 'up', added: true })
    expect(backend?.vendor, 'its kind is known').not.toBeNull()
    const model = backend?.models.find(
      ({ local, capabilities }) => local && (capabilities ?? ['chat']).includes('chat'),
    )
    expect(model, 'it has a model to talk to').toBeDefined()
    for (const stream of [false, true]) {
      const answer = await started.request('/v1/chat/completions', {
        method: 'POST',
        body: JSON.stringify({
          model: model?.name,
          stream,
          max_tokens: 64,
          messages: [{ role: 'user', content: 'Say hello.' }],
        }),
      })
      expect(answer.status, await answer.clone().text()).toBe(200)
      expect(await answer.text()).toContain(stream ? '[DONE]' : '"choices"')
    }
  }, 300_000)
})
