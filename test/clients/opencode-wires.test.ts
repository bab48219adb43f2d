import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { join } from 'node:path'
import { createOpencodeHome, type OpencodeHome, type OpencodePackage } from './run-opencode.ts'
import { routerName, type ScriptedGateway, startScriptedGateway } from './scripted-gateway.ts'
import { toolResults, type Wire } from './scripted-turns.ts'

const client = inject('clients').opencode

/** Each of opencode's wires before an upstream of another vendor. */
const pairs: readonly (readonly [OpencodePackage, Wire])[] = [
  ['@ai-sdk/openai-compatible', 'messages'],
  ['@ai-sdk/openai', 'gemini'],
  ['@ai-sdk/anthropic', 'responses'],
  ['@ai-sdk/google', 'chat'],
]

describe.skipIf(!client.installed).each(pairs)('opencode with %s before an upstream that speaks %s', (npm, wire) => {
  let gateway: ScriptedGateway
  let home: OpencodeHome

  beforeAll(async () => {
    gateway = await startScriptedGateway(wire)
    home = createOpencodeHome({
      client: client.installed ? client.folder : '',
      gateway: gateway.url,
      key: gateway.key,
      model: routerName,
      files: { 'note.txt': 'The password of the day is kingfisher.\n' },
      proxy: gateway.proxy,
      wirePackage: npm,
    })
  })
  beforeEach(() => gateway.reset())
  afterAll(async () => {
    home.remove()
    await gateway.close()
  })

  test('a tool call runs, its result goes up and the answer comes down', async () => {
    gateway.play({
      call: {
        call: { name: 'read', input: { filePath: join(home.project, 'note.txt') } },
        usage: { input: 1500, output: 30 },
      },
      answer: { text: ['It is ', 'kingfisher.'], usage: { input: 2000, output: 7 } },
    })
    const run = await home.run('Think carefully, step by step: which password does note.txt hold?')
    expect(run).toMatchObject({ code: 0, answer: expect.stringContaining('It is kingfisher.') })
    expect(toolResults(gateway.mainRequests()[1]!)).toContain('The password of the day is kingfisher.')

    const rows = [...(await gateway.rows(1500)), ...(await gateway.rows(2000))]
    expect(rows).toMatchObject([
      { router: routerName, tier: 'REASONING', model: 'strong', agent: 'opencode', usage: { outputTokens: 30 } },
      { router: routerName, tier: 'REASONING', model: 'strong', agent: 'opencode', usage: { outputTokens: 7 } },
    ])
    expect(rows[0]?.session).toMatch(/^ses_/u)
    expect(rows[1]?.session).toBe(rows[0]?.session)
  })
})
