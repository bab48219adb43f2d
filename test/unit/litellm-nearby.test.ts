import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findLitellm, findStacks } from '../../gateway/litellm-nearby.ts'

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-test-'))
  for (const folder of ['docker/litellm', 'litellm', 'work dir']) mkdirSync(join(home, folder), { recursive: true })
  writeFileSync(join(home, 'litellm', 'config.yaml'), 'model_list:\n  - model_name: a\n  - model_name: b\n')
  writeFileSync(join(home, 'work dir', 'litellm_config.yaml'), 'model_list: [\n')
  writeFileSync(join(home, 'work dir', 'config.yaml'), 'anything: true\n')
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('a LiteLLM stack nearby', () => {
  it('is found in the usual places, with the command that takes it over', () => {
    expect(findStacks(home, join(home, 'work dir'), join(home, 'own.yaml'))).toEqual([
      { path: join(home, 'litellm', 'config.yaml'), models: 2, command: `signalbox import ${join(home, 'litellm')}` },
      {
        path: join(home, 'work dir', 'litellm_config.yaml'),
        models: null,
        command: `signalbox import '${join(home, 'work dir')}'`,
      },
    ])
  })

  it('is not the config in use', () => {
    const own = join(home, 'litellm', 'config.yaml')
    expect(findStacks(home, home, own)).toEqual([])
  })

  it('answers on its port with its version; nobody else does', async () => {
    const answering = (body: unknown) => async () => Response.json(body)
    const found = await findLitellm(4000, answering({ status: 'healthy', litellm_version: '1.80.0 <b>' }))
    expect(found?.sentence).toMatch(/^LiteLLM 1\.80\.0b answers on port 4000\./)
    expect(await findLitellm(4000, answering({ litellm_version: null, signalbox_version: '1' }))).toBeNull()
    expect(await findLitellm(4000, answering('hello'))).toBeNull()
    expect(await findLitellm(4000, () => Promise.reject(new Error('refused')))).toBeNull()
  })
})
