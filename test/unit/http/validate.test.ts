import { describe, expect, it } from 'vitest'
import { NewKeySchema } from '../../../gateway/contract/keys.ts'
import { SwitchPositionSchema } from '../../../gateway/contract/routers.ts'
import { SessionRequestSchema } from '../../../gateway/contract/status.ts'
import { bodyReaderFor } from '../../../gateway/http/validate.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'

function refusal(schema: Parameters<typeof bodyReaderFor>[0], body: unknown): GatewayError {
  try {
    bodyReaderFor(schema)(Buffer.from(JSON.stringify(body)))
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown
  }
  throw new Error('nothing was refused')
}

describe('bodies of the control API', () => {
  it('come through as they are', () => {
    const read = bodyReaderFor(SwitchPositionSchema)
    expect(read(Buffer.from('{"mode":"pinned","tier":"SIMPLE"}'))).toEqual({ mode: 'pinned', tier: 'SIMPLE' })
  })

  it('are refused by the field at fault', () => {
    expect(refusal(SessionRequestSchema, {})).toMatchObject({ code: 'missing_field', param: 'code' })
    expect(refusal(SessionRequestSchema, { code: 1 })).toMatchObject({ code: 'invalid_field', param: 'code' })
    expect(refusal(NewKeySchema, { alias: 'x', budget: 5 })).toMatchObject({
      code: 'unsupported_field',
      param: 'budget',
    })
    expect(refusal(NewKeySchema, { lifetimeSeconds: 0 })).toMatchObject({
      code: 'invalid_field',
      param: 'lifetimeSeconds',
    })
    expect(refusal(NewKeySchema, { models: ['a', 1] }).param).toBe('models.1')
  })

  it('are told what is wanted where there is a choice', () => {
    expect(refusal(NewKeySchema, { kind: 'root' }).message).toContain('"virtual", "management"')
    expect(refusal(SwitchPositionSchema, { mode: 'pinned', tier: 'HUGE' }).message).toBe(
      'tier must be one of "SIMPLE", "MEDIUM", "COMPLEX", "REASONING".',
    )
  })

  it.each([
    [{}, 'Missing: mode.', 'mode'],
    [{ mode: 'pinned' }, 'Missing: tier.', 'tier'],
    [{ mode: 'off', tier: 'SIMPLE' }, 'Not known here: tier.', 'tier'],
    [{ mode: 'off', extra: 1 }, 'Not known here: extra.', 'extra'],
    [{ mode: 'on' }, 'mode must be one of "auto", "pinned", "off".', 'mode'],
  ])('are judged by the shape that was meant: %j', (body, message, param) => {
    expect(refusal(SwitchPositionSchema, body)).toMatchObject({ message, param })
  })

  it('are never quoted', () => {
    expect(refusal(SessionRequestSchema, { code: ['secret-canary'] }).message).not.toContain('canary')
  })
})
