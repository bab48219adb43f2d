import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { array, assert, constantFrom, dictionary, jsonValue, oneof, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogger } from '../../../gateway/logging/logger.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'
import { Secret } from '../../../gateway/model/secret.ts'

const key = 'sk-canary0123456789abcdef'
const prompt = 'CANARYPROMPT the launch code is 0000'

/** Runs `write` against a fresh logger and gives everything that came out of it, in both forms. */
function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  let output = ''
  const logger = createLogger({
    level: 'debug',
    file: {
      write: (line) => {
        output += line
      },
      close: () => undefined,
    },
    terminal: (line) => {
      output += line
    },
  })
  write(logger)
  return output
}

function expectClean(output: string): void {
  expect(output).not.toBe('')
  expect(output).not.toContain('canary0123456789')
  expect(output).not.toContain('CANARYPROMPT')
}

function thrownBy(action: () => unknown): Error {
  try {
    action()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

describe('what never reaches a log', () => {
  it.each<[string, (logger: ReturnType<typeof createLogger>) => void]>([
    ['a Secret', (logger) => logger.info({ value: new Secret(key) }, 'loaded')],
    ['a bearer token in a sentence', (logger) => logger.info(`sent Authorization: Bearer ${key} upstream`)],
    ['a bearer token without a prefix of its own', (logger) => logger.info('Bearer canary0123456789')],
    ['a key in a field with an innocent name', (logger) => logger.info({ note: key }, 'note')],
    ['headers', (logger) => logger.info({ headers: { 'x-anything': 'canary0123456789' } }, 'in')],
    ['a nested body', (logger) => logger.info({ call: { body: { messages: [{ content: prompt }] } } }, 'in')],
    ['credentials in a URL', (logger) => logger.info({ url: 'http://user:canary0123456789@host/v1' }, 'call')],
    ['a key in a query', (logger) => logger.info({ url: 'http://host/v1?key=canary0123456789' }, 'call')],
    ['a one-time code', (logger) => logger.info({ url: 'http://127.0.0.1:4000/ui/#code=canary0123456789' }, 'link')],
    ['a URL object', (logger) => logger.info({ url: new URL('http://a:canary0123456789@host/') }, 'call')],
    ['bytes', (logger) => logger.info({ received: Buffer.from(prompt) }, 'bytes')],
    ['a parser error that quotes its input', (logger) => logger.error(thrownBy(() => JSON.parse(prompt)))],
    ['a parser error as a field', (logger) => logger.error({ err: thrownBy(() => JSON.parse(prompt)) })],
    ['a parser error under any name', (logger) => logger.error({ failure: thrownBy(() => JSON.parse(prompt)) }, 'x')],
    [
      'a cause with headers and a body',
      (logger) => {
        const cause = Object.assign(new Error(`answered "${prompt}"`), { headers: { a: key }, body: prompt })
        logger.error({ err: new GatewayError('upstream_error', `upstream: ${prompt}`, { cause }) }, 'failed')
      },
    ],
    [
      'an engine error that quotes a value',
      (logger) => logger.error(thrownBy(() => Buffer.from(7 as never, prompt as never))),
    ],
    [
      'a value quoted inside quotation marks',
      (logger) => logger.error(new TypeError(`cannot use "he said "${prompt}" to me" here`)),
    ],
    ['bindings of a child logger', (logger) => logger.child({ headers: { a: prompt }, token: key }).info('child')],
    ['camel-case bindings', (logger) => logger.child({ userText: prompt, apiKey: 'canary0123456789' }).info('child')],
    ['basic authorization', (logger) => logger.info('sent Basic canary0123456789abcdef==')],
    ['a key among bindings', (logger) => logger.child({ where: `Bearer ${key}` }).info('child')],
    [
      'a message whose lines look like stack frames',
      (logger) => logger.error(new Error(`"x"\n    at ${prompt} (file:///a.ts:1:1)`)),
    ],
  ])('%s', (_name, write) => {
    expectClean(logged(write))
  })

  it('what undici hangs on its errors', async () => {
    const server = createServer((_incoming, reply) => reply.socket?.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const error: unknown = await fetch(`http://127.0.0.1:${port}/?api_key=canary0123456789`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: prompt,
    }).catch((caught: unknown) => caught)
    server.close()
    const output = logged((logger) => logger.error({ err: error }, 'The upstream cut the connection.'))
    expectClean(output)
    expect(output).toContain('UND_ERR_SOCKET')
  })

  it('a key in any surrounding text', () => {
    assert(
      property(string(), string(), (before, after) => {
        const output = logged((logger) =>
          logger.warn({ note: `${before} ${key} ${after}` }, `${before} ${key} ${after}`),
        )
        expect(output).not.toContain('canary0123456789')
      }),
    )
  })

  it('a prompt in any object under a denied key, however deep', () => {
    assert(
      property(array(string(), { maxLength: 10 }), constantFrom('body', 'messages', 'x-Api-Key'), (path, name) => {
        const fields = path.reduce<object>((inner, step) => ({ [step]: inner }), { [name]: prompt })
        expectClean(logged((logger) => logger.info(fields, 'deep')))
      }),
    )
  })
})

describe('what stays in a log', () => {
  it('keeps the sentence, plain fields and the place of an error', () => {
    const output = logged((logger) =>
      logger.error(
        { callId: 'abc', status: 502, err: new RangeError('depth 7 is over the limit') },
        'The relay failed.',
      ),
    )
    const record = JSON.parse(output.split('\n')[0] ?? '') as Record<string, never>
    expect(record).toMatchObject({ callId: 'abc', status: 502, msg: 'The relay failed.' })
    expect(record['err']).toMatchObject({ type: 'RangeError', message: 'depth 7 is over the limit' })
    expect(JSON.stringify(record['err'])).toContain('canaries.test.ts')
  })

  it('writes one JSON object per line, whatever the fields are', () => {
    const names = oneof(
      string(),
      constantFrom('x_secret', 'my-signature', 'old_passwd', 'api_key_id', 'sk-live', 'a://b@'),
    )
    assert(
      property(dictionary(names, jsonValue()), string(), (fields, sentence) => {
        const lines = logged((logger) => logger.info(fields, sentence)).split('\n')
        expect(() => JSON.parse(lines[0] ?? '') as unknown).not.toThrow()
      }),
    )
  })

  it('keeps ordinary sentences', () => {
    expect(logged((logger) => logger.info('The token limit of the basic plan is near.'))).toContain(
      'The token limit of the basic plan is near.',
    )
  })

  it('keeps system errors whole, and their causes', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' })
    const output = logged((logger) => logger.error(new Error('no answer', { cause }), 'failed'))
    expect(output).toContain('connect ECONNREFUSED 127.0.0.1:9')
  })

  it('never throws for getters, cycles and strange values', () => {
    const cyclic: Record<string, unknown> = { level: 1n, when: new Date(Number.NaN), run: () => 1, map: new Map() }
    cyclic['self'] = cyclic
    Object.defineProperty(cyclic, 'bad', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    })
    expect(logged((logger) => logger.info(cyclic, 'strange'))).toContain('strange')
  })
})
