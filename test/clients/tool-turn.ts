import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ClientHome, createClientHome } from './client-home.ts'
import type { InstalledClient } from './install-client.ts'
import { routerName, type ScriptedGateway, startScriptedGateway } from './scripted-gateway.ts'
import { toolResults, type Wire } from './scripted-turns.ts'

/** A coding agent as a test runs it. */
export interface Agent {
  /** As the ledger names it. */
  readonly name: string
  readonly client: InstalledClient
  /** Its own configuration files, below its home. */
  files(gateway: ScriptedGateway): Readonly<Record<string, string>>
  /** The command that asks one question and ends. */
  command(folder: string, prompt: string): readonly string[]
  environment(gateway: ScriptedGateway, home: ClientHome): Readonly<Record<string, string>>
  /** A call of its tool that reads a file. */
  readCall(path: string): { readonly name: string; readonly input: Readonly<Record<string, unknown>> }
  /** What its session ids look like; null for an agent whose requests name none. */
  readonly session: RegExp | null
  /** The model it asks for; the router's name unless given. */
  readonly model?: string
}

const question = 'Think carefully, step by step: which password does note.txt hold?'

/** The tests every agent passes before an upstream of another vendor. */
export function describeAgent(agent: Agent, wires: readonly Wire[]): void {
  describe.skipIf(!agent.client.installed).each(wires)(
    `${agent.name} through a router before an upstream that speaks %s`,
    (wire) => {
      let gateway: ScriptedGateway
      let home: ClientHome

      beforeAll(async () => {
        gateway = await startScriptedGateway(wire)
        home = createClientHome({
          name: agent.name,
          proxy: gateway.proxy,
          files: agent.files(gateway),
          project: { 'note.txt': 'The password of the day is kingfisher.\n' },
        })
      })
      beforeEach(() => gateway.reset())
      afterAll(async () => {
        home.remove()
        await gateway.close()
        console.log(
          `${agent.name} also asked for ${[...new Set(gateway.proxy.refused)].join(', ') || 'nothing'}: refused.`,
        )
      })

      const ask = (prompt: string) => {
        const folder = agent.client.installed ? agent.client.folder : ''
        return home.run(agent.command(folder, prompt), agent.environment(gateway, home))
      }

      test('a greeting reaches the terminal and its row names tier, tokens, agent and session', async () => {
        gateway.play({ answer: { text: ['The answer ', 'arrives ', 'in pieces.'], usage: { input: 1000, output: 9 } } })
        const run = await ask('hello')
        expect(run).toMatchObject({ code: 0, answer: expect.stringContaining('The answer arrives in pieces.') })
        // An agent may ask again by itself, to keep what it learned; the newest row comes first.
        const rows = await gateway.rows(1000)
        expect(rows.length).toBeGreaterThanOrEqual(1)
        expect(rows.at(-1)).toMatchObject({
          askedModel: agent.model ?? routerName,
          router: routerName,
          tier: 'SIMPLE',
          model: 'quick',
          agent: agent.name,
          session: agent.session === null ? null : expect.stringMatching(agent.session),
          stream: true,
          status: 200,
          usage: { inputTokens: 1000, outputTokens: 9 },
        })
      })

      test('a tool call runs, its result goes up and the answer comes down', async () => {
        gateway.play({
          call: { call: agent.readCall(join(home.project, 'note.txt')), usage: { input: 1500, output: 30 } },
          answer: { text: ['It is ', 'kingfisher.'], usage: { input: 2000, output: 7 } },
        })
        const run = await ask(question)
        expect(run).toMatchObject({ code: 0, answer: expect.stringContaining('It is kingfisher.') })
        const results = gateway.mainRequests().map(toolResults)
        expect(results.at(-1)).toContain('The password of the day is kingfisher.')

        const rows = [...(await gateway.rows(1500)), ...(await gateway.rows(2000))]
        expect(rows).toMatchObject([
          { tier: 'REASONING', model: 'strong', agent: agent.name, status: 200, usage: { outputTokens: 30 } },
          { tier: 'REASONING', model: 'strong', agent: agent.name, status: 200, usage: { outputTokens: 7 } },
        ])
        expect(rows[1]?.session).toBe(rows[0]?.session)
      })
    },
  )
}
