import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type ClientHome, createClientHome } from './client-home.ts'
import type { InstalledClient } from './install-client.ts'
import { routerName, type ScriptedGateway, startScriptedGateway } from './scripted-gateway.ts'
import { toolResults, type Wire } from './scripted-turns.ts'

interface Sdk {
  /** Its script is `sdks/<name>.mjs`. */
  readonly name: string
  /** As the ledger names it. */
  readonly agent: string
  /** Where each of its packages is installed. */
  readonly packages: Readonly<Record<string, InstalledClient>>
}

const clients = inject('clients')
const ownOpenAi: InstalledClient = { installed: true, folder: join(import.meta.dirname, '..', '..') }

const openAi: Sdk = { name: 'openai', agent: 'openai-node', packages: { openai: ownOpenAi } }
const anthropic: Sdk = {
  name: 'anthropic',
  agent: 'anthropic-node',
  packages: { '@anthropic-ai/sdk': clients.anthropicSdk },
}
const vercel: Sdk = {
  name: 'ai',
  agent: 'ai-sdk',
  packages: { ai: clients.aiSdk, '@ai-sdk/openai-compatible': clients.aiSdkCompatible },
}

const pairs: readonly (readonly [string, Wire, Sdk])[] = [
  ['openai', 'messages', openAi],
  ['openai', 'gemini', openAi],
  ['@anthropic-ai/sdk', 'chat', anthropic],
  ['@anthropic-ai/sdk', 'gemini', anthropic],
  ['ai with @ai-sdk/openai-compatible', 'messages', vercel],
  ['ai with @ai-sdk/openai-compatible', 'responses', vercel],
]

const bird = '{"bird":"kingfisher","certain":true}'

for (const [name, wire, sdk] of pairs) {
  const isInstalled = Object.values(sdk.packages).every((client) => client.installed)
  describe.skipIf(!isInstalled)(`${name} before an upstream that speaks ${wire}`, () => {
    let gateway: ScriptedGateway
    let home: ClientHome
    let results: Record<string, Record<string, unknown>>

    beforeAll(async () => {
      gateway = await startScriptedGateway(wire)
      home = createClientHome({ name: 'sdk', proxy: gateway.proxy, project: scripts(sdk.name) })
      linkPackages(home, sdk.packages)
      gateway.play({
        call: { call: { name: 'read_note', input: { name: 'today' } }, usage: { input: 1500, output: 30 } },
        answer: { text: ['It is ', 'kingfisher.'], usage: { input: 2000, output: 7 } },
        aside: bird,
      })
      const run = await home.run([process.execPath, `${sdk.name}.mjs`], {
        GATEWAY_URL: gateway.url,
        GATEWAY_KEY: gateway.key,
        GATEWAY_MODEL: routerName,
        GATEWAY_SESSION: 'session-of-the-sdk',
      })
      results = readReports(run.answer)
      expect([run.code, run.errors]).toEqual([0, ''])
    })
    afterAll(async () => {
      home.remove()
      await gateway.close()
    })

    test('the stream helper gives the text in pieces, the whole and the tokens', () => {
      expect(results.stream).toMatchObject({ text: bird, whole: bird, tokens: 11 })
      expect(results.stream?.pieces).toBeGreaterThan(0)
    })

    test('the tool runner calls the function and ends with the answer', () => {
      expect(results.tools).toEqual({ task: 'tools', text: 'It is kingfisher.' })
      expect(gateway.mainRequests().map(toolResults).at(-1)).toContain('says: kingfisher.')
    })

    test('an answer to a JSON schema comes parsed', () => {
      expect(results.schema).toEqual({ task: 'schema', parsed: JSON.parse(bird) })
    })

    if (sdk === openAi) {
      test('the Responses stream helper parses, too', () => {
        expect(results.responses).toEqual({
          task: 'responses',
          parsed: JSON.parse(bird),
          first: 'response.created',
          last: 'response.completed',
        })
      })
    }

    if (sdk === anthropic) {
      test('tokens are counted', () => {
        expect(results.count?.tokens).toBeGreaterThan(5)
      })
    }

    test('the rows name tier, tokens, agent and session', async () => {
      const rows = [...(await gateway.rows(1500)), ...(await gateway.rows(2000))]
      const common = {
        tier: 'REASONING',
        model: 'strong',
        agent: sdk.agent,
        session: 'session-of-the-sdk',
        status: 200,
      }
      expect(rows).toMatchObject([
        { ...common, usage: { outputTokens: 30 } },
        { ...common, usage: { outputTokens: 7 } },
      ])
    })
  })
}

function scripts(name: string): Record<string, string> {
  const files = [`${name}.mjs`, 'tasks.mjs']
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(import.meta.dirname, 'sdks', file), 'utf8')]))
}

/** Puts the installed packages where the script's imports look for them; their own dependencies stay beside them. */
function linkPackages({ project }: ClientHome, packages: Sdk['packages']): void {
  for (const [name, client] of Object.entries(packages)) {
    if (!client.installed) continue
    const place = join(project, 'node_modules', name)
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(join(client.folder, 'node_modules', name), place, 'junction')
  }
}

function readReports(answer: string): Record<string, Record<string, unknown>> {
  const lines = answer.split('\n').filter((line) => line.startsWith('{'))
  const reports = lines.map((line) => JSON.parse(line) as Record<string, unknown> & { readonly task: string })
  return Object.fromEntries(reports.map((one) => [one.task, one]))
}
