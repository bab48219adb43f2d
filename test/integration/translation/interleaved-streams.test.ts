import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordedRequest } from '../../doubles/upstream/recorded-request.ts'
import { createGate } from '../../doubles/upstream-server.ts'
import { clients } from './clients/clients.ts'
import { modelOf, readAnswer, type Stage, startStage } from './stage.ts'
import { wires } from './wires/wires.ts'

const count = 50
let stage: Stage

beforeAll(async () => {
  stage = await startStage()
})

afterAll(() => stage.stop())

// Pitfall 20: state of one stream that another one sees.
test(`${count} streams at once, all half-way at the same time, keep to themselves`, async () => {
  const halfWay = createGate()
  let headsAwaited = count
  const numberOf = (request: RecordedRequest): number =>
    Number(/stream number (\d+)\./.exec(request.body.toString('utf8'))?.[1])
  for (const wire of wires) {
    stage.upstream(wire).reply((request) => {
      const number = numberOf(request)
      const told = {
        reasoning: `Thought ${number}.`,
        text: wordsOf(number),
        calls: [0, 1].map((call) => ({
          id: `call_${number}_${call}`,
          name: 'weather',
          fragments: ['{"city"', `:"city ${number}`, `-${call}"}`],
        })),
      }
      return wire.say(told, true, { kind: 'stall', gate: halfWay })
    })
  }

  const answers = Array.from({ length: count }, async (_, number) => {
    const client = clients[number % clients.length]
    const wire = wires[Math.floor(number / clients.length) % wires.length]
    if (client === undefined || wire === undefined) throw new Error('no client or no wire')
    const prompt = `This is stream number ${number}.`
    const question = { model: modelOf(wire, 'thinking'), prompt, stream: true, tools: true, thinks: true }
    const response = await stage.send(client, question)
    headsAwaited -= 1
    if (headsAwaited === 0) halfWay.open()
    return { number, answer: await readAnswer(client, question, response) }
  })

  for (const { number, answer } of await Promise.all(answers)) {
    expect(answer).toMatchObject({
      text: wordsOf(number).join(''),
      reasoning: `Thought ${number}.`,
      finish: 'tools',
      complete: true,
    })
    expect(answer.calls.map((call) => call.arguments)).toEqual([
      { city: `city ${number}-0` },
      { city: `city ${number}-1` },
    ])
  }
})

function wordsOf(number: number): string[] {
  return ['Answer ', `${number}: `, ...Array.from({ length: 5 }, (_, word) => `${number}/${word} `)]
}
