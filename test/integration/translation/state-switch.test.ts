import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backWith, exchange, expectPaired, prompt, secondCall, weatherCall, words } from './cells.ts'
import { chatClient } from './clients/chat-client.ts'
import { type Client, type Earlier, only } from './clients/client.ts'
import { clients } from './clients/clients.ts'
import { modelOf, type Stage, startStage, wireAfter } from './stage.ts'
import { geminiWire } from './wires/gemini-wire.ts'
import { messagesWire } from './wires/messages-wire.ts'
import type { WireDouble } from './wires/wire.ts'
import { wires } from './wires/wires.ts'

const makers = wires.filter((wire) => wire.hasState)
/** What the gateway puts before state that clients carry for it, in both forms that travel. */
const seals = ['sbx1.', Buffer.from('sbx1.').toString('base64').slice(0, 6)]
const ownWire: Readonly<Record<string, string>> = {
  responses: 'openai-responses',
  messages: 'anthropic',
  gemini: 'gemini',
}
const question = { prompt, tools: true, thinks: true, stream: true, kind: 'thinking' } as const

function stateOf(wire: WireDouble): string {
  return Buffer.from(`state of ${wire.name}`).toString('base64')
}

describe('reasoning state goes back to its maker and to nobody else', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await startStage()
  })

  afterAll(() => stage.stop())

  const think = async (client: Client, wire: WireDouble, earlier: readonly Earlier[] = []): Promise<Earlier> => {
    const { answer } = await exchange(
      { stage, client, wire },
      { ...question, earlier },
      { reasoning: `Thoughts of ${wire.name}.`, opaque: stateOf(wire), calls: [weatherCall, secondCall] },
    )
    return backWith(answer)
  }
  /** The body of the next request to a wire. */
  const next = async (
    client: Client,
    wire: WireDouble,
    earlier: readonly Earlier[],
    kind: 'thinking' | 'other-key' = 'thinking',
  ) => {
    const { request, seen } = await exchange({ stage, client, wire }, { ...question, kind, earlier }, { text: words })
    const body = request.body.toString('utf8')
    for (const seal of seals) expect(body).not.toContain(seal)
    return { body, seen }
  }

  for (const client of clients) {
    describe(client.dialect, () => {
      for (const maker of makers) {
        for (const other of wires.filter((wire) => wire !== maker)) {
          test(`from ${maker.name} to ${other.name} and back`, async () => {
            const first = await think(client, maker)
            const away = await next(client, other, [first])
            expect(away.body).not.toContain(stateOf(maker))
            expectPaired(away.seen)

            const second = await think(client, other, [first])
            const home = await next(client, maker, [first, second])
            expect(home.body).toContain(stateOf(maker))
            expect(home.body).not.toContain(stateOf(other))
          })
        }

        test(`from ${maker.name} to its fallback`, async () => {
          const first = await think(client, maker)
          const fallback = wireAfter(maker)
          const refusing = stage.upstream(maker)
          const answering = stage.upstream(fallback)
          refusing.reply(maker.refuse(500, 'The double is broken.'))
          answering.reset()
          answering.reply((request) => fallback.say({ text: words }, fallback.isStream(request)))
          const answer = await stage.ask(client, { ...question, model: modelOf(maker, 'backed'), earlier: [first] })
          expect(answer).toMatchObject({ text: words.join(''), finish: 'stop', complete: true })
          const request = only(answering.requests)
          expect(refusing.requests.length).toBeGreaterThan(1)
          expectPaired(fallback.see(request))
          for (const text of [...seals, stateOf(maker)]) expect(request.body.toString('utf8')).not.toContain(text)
        })

        // A provider's own value does not say whose it is, and on its own wire the client's bytes are not changed.
        if (ownWire[client.dialect] === maker.name) continue
        test(`from ${maker.name} to another credential there`, async () => {
          const first = await think(client, maker)
          const away = await next(client, maker, [first], 'other-key')
          expect(away.body).not.toContain(stateOf(maker))
          expectPaired(away.seen)
        })
      }
    })
  }

  describe('a client of chat completions that keeps only the fields of its reference', () => {
    for (const maker of makers) {
      test(`has its state kept for it: ${maker.name}`, async () => {
        const first = bare(await think(chatClient, maker))
        const { body, seen } = await next(chatClient, maker, [first])
        expectPaired(seen)
        expect(body).toContain(stateOf(maker))
        const away = await next(chatClient, maker, [first], 'other-key')
        expect(away.body).not.toContain(stateOf(maker))
      })
    }

    // Gemini's calls come without ids: the ones they get must differ from one answer to the next.
    test('two conversations at once keep each its own state', async () => {
      const pair = { stage, client: chatClient, wire: geminiWire }
      const states = ['first', 'second'].map((name) => Buffer.from(`state of the ${name}`).toString('base64'))
      const turns: Earlier[] = []
      for (const opaque of states) {
        const { answer } = await exchange(pair, question, { reasoning: 'Hm.', opaque, calls: [weatherCall] })
        turns.push(bare(backWith(answer)))
      }
      for (const [index, turn] of turns.entries()) {
        const { seen } = await next(chatClient, geminiWire, [turn])
        expect(seen.opaque).toEqual([states[index]])
      }
    })

    test('goes on at Gemini with the placeholder where the state is not known', async () => {
      const { seen } = await next(chatClient, geminiWire, [fromElsewhere(bare(await think(chatClient, geminiWire)))])
      expectPaired(seen)
      expect(seen.opaque).toEqual(['skip_thought_signature_validator'])
    })

    test('goes on at Anthropic without thinking blocks where the state is not known', async () => {
      const { seen } = await next(chatClient, messagesWire, [
        fromElsewhere(bare(await think(chatClient, messagesWire))),
      ])
      expectPaired(seen)
      expect(seen.reasoning).toEqual([])
      expect(seen.opaque).toEqual([])
    })
  })
})

interface ChatTurn {
  readonly role: string
  readonly content?: string | null
  readonly tool_calls?: readonly { readonly id: string; readonly type: string; readonly function: object }[]
}

/** The turn without the fields that carry state. */
function bare({ answer, results }: Earlier): Earlier {
  const turn = (answer.turn as readonly ChatTurn[]).map(({ role, content = null, tool_calls: calls = [] }) => ({
    role,
    content,
    tool_calls: calls.map(({ id, type, function: called }) => ({ id, type, function: called })),
  }))
  return { answer: { ...answer, turn }, results }
}

/** The same turn under ids that the gateway has never given. */
function fromElsewhere({ answer, results }: Earlier): Earlier {
  const renamed = (id: string): string => `call_elsewhere_${results.findIndex((result) => result.id === id)}`
  const turn = (answer.turn as readonly ChatTurn[]).map((message) => ({
    ...message,
    tool_calls: (message.tool_calls ?? []).map((call) => ({ ...call, id: renamed(call.id) })),
  }))
  return { answer: { ...answer, turn }, results: results.map((result) => ({ ...result, id: renamed(result.id) })) }
}
