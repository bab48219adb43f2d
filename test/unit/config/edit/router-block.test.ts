import { describe, expect, it } from 'vitest'
import { findRouterBlock } from '../../../../gateway/config/edit/router-block.ts'
import { spliceYaml } from '../../../../gateway/config/edit/splice-yaml.ts'

const file = `
model_list:
  - {model_name: small, litellm_params: {model: openai/small}}
  - model_name: smart
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers:
          SIMPLE: small   # cheap
          COMPLEX: [small, {model_name: large, litellm_params: {temperature: 0}}]
        dimension_weights: {technicalTerms: 0.4}
`

describe('findRouterBlock', () => {
  it('gives the block as it is written and the path that edits it', () => {
    const block = findRouterBlock(file, 'smart')
    expect(block.written).toMatchObject({ dimension_weights: { technicalTerms: 0.4 } })
    expect(block.place).toEqual(['model_list', 1, 'litellm_params', 'complexity_router_config'])
    const path = [...(block.place ?? []), 'tiers', 'SIMPLE']
    const edited = spliceYaml(file, [{ op: 'set', path, value: 'large' }])
    expect(edited).toBe(file.replace('SIMPLE: small', 'SIMPLE: large'))
  })

  it('names a router that has no block yet by the place where it would stand', () => {
    const bare = 'model_list:\n  - {model_name: smart, litellm_params: {model: auto_router/complexity_router}}\n'
    expect(findRouterBlock(bare, 'smart')).toMatchObject({
      written: {},
      place: ['model_list', 0, 'litellm_params', 'complexity_router_config'],
    })
  })

  it.each([
    ['small', file, /small does not stand in the config file/],
    ['demo-router', file, /demo-router does not stand/],
    ['smart', '', /does not stand/],
    ['smart', 'model_list: [\n', /syntax error at \d+:\d+/],
    ['smart', '- 1\n', /does not stand/],
  ])('says why %s cannot be edited', (router, text, sentence) => {
    const block = findRouterBlock(text, router)
    expect(block.place).toBeUndefined()
    expect(block.problem).toMatch(sentence)
  })
})
