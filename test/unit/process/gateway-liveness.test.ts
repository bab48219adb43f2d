import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { GatewayFile } from '../../../gateway/contract/gateway-file.ts'
import {
  isProcessAlive,
  judgeLiveness,
  type LivenessQuestions,
  whoAnswers,
} from '../../../gateway/process/gateway-liveness.ts'

const now = 1_000_000_000
const file: GatewayFile = {
  pid: 42,
  url: 'http://127.0.0.1:4000',
  controlToken: 't',
  version: '0.1.0',
  startedAt: now - 90_000,
}
const questions: LivenessQuestions = {
  isAlive: () => true,
  answers: () => Promise.resolve('gateway'),
  now: () => now,
  bootedAt: () => now - 100_000,
  ownPid: 7,
}

describe('whether the gateway of a file still runs', () => {
  it.each<[string, Partial<GatewayFile>, Partial<LivenessQuestions>, 'running' | 'stale']>([
    ['a live process that answers as a gateway', {}, {}, 'running'],
    ['a dead process', {}, { isAlive: () => false }, 'stale'],
    [
      'a process id used again by a program that does not listen',
      {},
      { answers: () => Promise.resolve('refused') },
      'stale',
    ],
    [
      'a process id used again while another program has the port',
      {},
      { answers: () => Promise.resolve('other') },
      'stale',
    ],
    ['one that accepts and says nothing', {}, { answers: () => Promise.resolve('silent') }, 'running'],
    ['a file older than the last start of the machine', { startedAt: now - 200_000 }, {}, 'stale'],
    ['one that began to start a moment ago', { url: '', startedAt: now - 500 }, {}, 'running'],
    ['one that has been starting for minutes', { url: '' }, {}, 'stale'],
    [
      'our own process id, left by a killed start in a container',
      { url: '', startedAt: now - 500, pid: 7 },
      {},
      'stale',
    ],
  ])('%s', async (_name, fields, answers, expected) => {
    expect(await judgeLiveness({ ...file, ...fields }, { ...questions, ...answers })).toBe(expected)
  })

  it('knows a live process from none', () => {
    expect(isProcessAlive(process.pid)).toBe(true)
    expect(isProcessAlive(0)).toBe(false)
    expect(isProcessAlive(2 ** 30)).toBe(false)
  })
})

async function onLoopback<Value>(server: Server, use: (url: string) => Promise<Value>) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.close()
  }
}

describe('who answers at an address', () => {
  it('a gateway', async () => {
    const server = createServer((incoming, reply) =>
      reply.end(incoming.url === '/health/liveliness' ? '"I\'m alive!"' : ''),
    )
    expect(await onLoopback(server, whoAnswers)).toBe('gateway')
  })

  it('another program', async () => {
    expect(
      await onLoopback(
        createServer((_incoming, reply) => reply.end('hello')),
        whoAnswers,
      ),
    ).toBe('other')
  })

  it('nobody', async () => {
    const url = await onLoopback(createServer(), (address) => Promise.resolve(address))
    expect(await whoAnswers(url)).toBe('refused')
  })
})
