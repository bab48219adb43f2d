import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../gateway/model/errors.ts'
import { mayBeLeftOut, readFieldRefusal, withDropHint } from '../../../gateway/relay/field-refusal.ts'
import { RefusedFields, refusing } from '../../../gateway/relay/refused-fields.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'

function refusal(message: string, more: { status?: number; code?: string; param?: string } = {}): GatewayError {
  const { status = 400, code, param } = more
  return new GatewayError('upstream_bad_request', message, {
    upstream: { status, ...(code === undefined ? {} : { code }) },
    ...(param === undefined ? {} : { param }),
  })
}

describe('a field that an upstream refuses by name', () => {
  // The sentences have the forms of wire-formats §7.1 and §9.5.
  it.each<[string, GatewayError, string, boolean]>([
    ['OpenAI', refusal('x', { code: 'unsupported_parameter', param: 'logit_bias' }), 'logit_bias', false],
    ['OpenAI, unknown', refusal('x', { code: 'unknown_parameter', param: 'top_k' }), 'top_k', false],
    ['OpenAI, a value', refusal('x', { code: 'unsupported_value', param: 'temperature' }), 'temperature', true],
    ['its sentence alone', refusal("Unsupported parameter: 'seed' is not supported with this model."), 'seed', false],
    ['an older one', refusal('Unrecognized request argument supplied: verbosity'), 'verbosity', false],
    ['Groq', refusal("property 'store' is unsupported"), 'store', false],
    [
      'Mistral',
      refusal('{"detail":[{"type":"extra_forbidden","loc":["body","user"],"msg":"x"}]}', { status: 422 }),
      'user',
      false,
    ],
    ['Anthropic', refusal('anthropic answered 400: top_n: Extra inputs are not permitted'), 'top_n', false],
    [
      'Gemini',
      refusal('Invalid JSON payload received. Unknown name "cachedThing": Cannot find field.'),
      'cachedThing',
      false,
    ],
    ['a Go server', refusal('json: unknown field "min_p"'), 'min_p', false],
    ['a Rust server', refusal('unknown field `top_a`, expected one of `x`'), 'top_a', false],
    ['a Python server', refusal("got an unexpected keyword argument 'top_n_sigma'"), 'top_n_sigma', false],
    ['xAI', refusal('Model grok-4 does not support parameter presencePenalty.'), 'presencePenalty', false],
    [
      'a value in words',
      refusal("Unsupported value: 'temperature' does not support 0.2 with this model."),
      'temperature',
      true,
    ],
  ])('is read from the words of %s', (_name, error, field, ofValue) => {
    expect(readFieldRefusal(error)).toEqual({ field, ofValue })
  })

  it.each<[string, GatewayError]>([
    ['another status', refusal("Unsupported parameter: 'seed'", { status: 500 })],
    ['a place below the top', refusal('messages.0.reasoning: Extra inputs are not permitted')],
    ['a place of Gemini below the top', refusal('Unknown name "seed" at \'generation_config\': Cannot find field.')],
    ['no field', refusal('The model is overloaded')],
    ['our own refusal', new GatewayError('unsupported_field', "Unsupported parameter: 'x'", { param: 'x' })],
  ])('is not seen in %s', (_name, error) => expect(readFieldRefusal(error)).toBeUndefined())

  it('never throws and never names what is no field', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const found = readFieldRefusal(refusal(`Unsupported parameter: ${text}`))
        if (found !== undefined) expect(found.field).toMatch(/^[A-Za-z]\w{0,63}$/)
      }),
    )
  })

  it('is never one that the request is nothing without', () => {
    expect(['messages', 'tools', 'model', 'stream', 'system'].some(mayBeLeftOut)).toBe(false)
    expect(mayBeLeftOut('temperature')).toBe(true)
  })

  it('is told to the owner with what to do', () => {
    const told = withDropHint(refusal('x answered 400: Unsupported parameter: seed.'), {
      field: 'seed',
      ofValue: false,
    })
    expect(told).toMatchObject({ code: 'upstream_bad_request', param: 'seed', status: 400, upstream: { status: 400 } })
    expect(told.message).toContain('drop_params: true')
  })
})

describe('the memory of refused fields', () => {
  it('is bounded, per wire, and says nothing of others', () => {
    const memory = new RefusedFields()
    const wire = deploymentDouble({ id: 'a' })
    for (let index = 0; index < 100; index += 1) memory.note(wire, `f${index}`)
    expect(memory.of(wire).size).toBe(32)
    expect(memory.of(wire).has('f99')).toBe(true)
    expect(memory.of(deploymentDouble({ id: 'b' })).size).toBe(0)
    for (let index = 0; index < 2_100; index += 1) memory.note(deploymentDouble({ id: `d${index}` }), 'x')
    expect(memory.of(wire).size).toBe(0)
    expect(memory.of(deploymentDouble({ id: 'd2099' })).size).toBe(1)
  })

  it('makes a wire that refuses them too', () => {
    const wire = deploymentDouble({ refusedFields: ['a'] })
    expect(refusing(wire, [])).toBe(wire)
    expect(refusing(wire, ['a', 'b'])).toMatchObject({ refusedFields: ['a', 'b'], acceptsStreamOptions: true })
    expect(refusing(wire, ['stream_options']).acceptsStreamOptions).toBe(false)
  })
})
