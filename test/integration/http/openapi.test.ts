import { afterAll, beforeAll, expect, it } from 'vitest'
import { controlRoutes } from '../../../gateway/contract/routes.ts'
import { type Harness, masterKey, send, startHarness } from './harness.ts'

interface Operation {
  readonly summary?: string
  readonly requestBody?: object
  readonly security: readonly object[]
}

let harness: Harness
let paths: Record<string, Record<string, Operation>>
beforeAll(async () => {
  harness = await startHarness()
  const answer = await send(harness.port, { path: '/openapi.json', key: masterKey })
  const document = answer.json() as unknown as { openapi: string; paths: typeof paths }
  expect(document.openapi).toBe('3.1.0')
  paths = document.paths
})
afterAll(() => harness.close())

it('has a route and a summary for every path of the control API', () => {
  for (const route of Object.values(controlRoutes)) {
    const path = typeof route === 'string' ? route : route('{x}').replace('%7Bx%7D', '{x}')
    const found = Object.keys(paths).find((known) => known.replaceAll(/\{\w+\}/gu, '{x}') === path)
    expect([path, found !== undefined]).toEqual([path, true])
    for (const operation of Object.values(paths[found ?? ''] ?? {})) expect(operation.summary).toBeTruthy()
  }
})

it('shows the schema that checks a body', () => {
  expect(paths['/api/routers/{name}/switch']?.put?.requestBody).toMatchObject({
    content: { 'application/json': { schema: { anyOf: [{ type: 'object' }, {}, {}] } } },
  })
})

it('lists only routes that answer with something else than 404 for their method', async () => {
  for (const [path, methods] of Object.entries(paths)) {
    for (const method of Object.keys(methods)) {
      const url = path.replaceAll(/\{\w+\}/gu, 'x')
      const answer = await send(harness.port, { method: method.toUpperCase(), path: url })
      // Without a key a registered route says 401, an open one answers; an unknown one would be 404 or 405.
      const isOpen = methods[method]?.security.length === 0
      expect([method, path, isOpen || answer.status === 401]).toEqual([method, path, true])
      expect([method, path, answer.status]).not.toEqual([method, path, 405])
    }
  }
})
