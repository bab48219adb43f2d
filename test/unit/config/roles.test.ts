import { describe, expect, it } from 'vitest'
import { configOf, lines, loadText } from './load-text.ts'

const models = `model_list:
  - model_name: small
    litellm_params: { model: openai/gpt-5.4-mini, api_key: k }
  - model_name: large
    litellm_params: { model: openai/gpt-5.4, api_key: k }
  - model_name: auto
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config: { tiers: { SIMPLE: small, COMPLEX: large } }
router_settings:
  model_group_alias: { big: large }
`

const load = (block: string) => loadText(`${models}signalbox:\n${block}`)
const errors = (block: string) => lines(load(block), 'error')

describe('roles and categories in the config', () => {
  it('name models, routers, aliases and capabilities, with fallbacks', () => {
    const { roles } = configOf(`${models}signalbox:
  list_roles: true
  roles:
    sisyphus: auto
    oracle: { model: big, fallbacks: [auto, small, big] }
  categories:
    local-quick: { model: "local:tools", fallbacks: small }
    local-deep: ollama/qwen3
`)
    expect([...(roles?.values() ?? [])]).toEqual([
      { kind: 'role', name: 'role/sisyphus', model: 'auto', fallbacks: [], listed: true, line: 15 },
      { kind: 'role', name: 'role/oracle', model: 'big', fallbacks: ['auto', 'small'], listed: true, line: 16 },
      {
        kind: 'category',
        name: 'category/local-quick',
        model: 'local:tools',
        fallbacks: ['small'],
        listed: true,
        line: 18,
      },
      { kind: 'category', name: 'category/local-deep', model: 'ollama/qwen3', fallbacks: [], listed: true, line: 19 },
    ])
  })

  it('are refused with place and advice where nothing can bring the model', () => {
    expect(errors('  roles: { oracle: larg }\n')).toEqual([
      '13:20 role/oracle names "larg", which is not in model_list. Did you mean large?',
    ])
    expect(errors('  categories: { quick: { model: small, fallbacks: [nowhere] } }\n')).toEqual([
      expect.stringContaining('category/quick names "nowhere", which is not in model_list.'),
    ])
    expect(errors('  categories: { quick: { fallbacks: [small] } }\n')).toEqual([
      expect.stringContaining('has no model, must have'),
    ])
    expect(errors('  roles: { oracle: [small] }\n')).toHaveLength(1)
  })

  it('have names without slash, star and blank, and never lead to each other', () => {
    for (const name of ['a/b', 'a*', 'a b', '""', '.a']) {
      expect(errors(`  roles: { ${JSON.stringify(name.replaceAll('"', ''))}: small }\n`), name).toHaveLength(1)
    }
    expect(errors('  roles: { oracle: role/oracle }\n')).toHaveLength(1)
    expect(errors('  roles: { oracle: small }\n  categories: { quick: role/oracle }\n')).toHaveLength(1)
  })

  it('give way to a model of that name', () => {
    const loaded = loadText(`model_list:
  - model_name: role/oracle
    litellm_params: { model: openai/gpt-5.4, api_key: k }
signalbox: { roles: { oracle: role/oracle } }
`)
    expect(loaded.config?.roles?.size).toBe(0)
    expect(lines(loaded, 'warning')).toEqual([expect.stringContaining('the entry of roles has no effect')])
  })

  it('warn of a key that means nothing', () => {
    expect(lines(load('  roles: { oracle: { model: small, fallback: [large] } }\n'), 'warning')).toEqual([
      expect.stringContaining('fallback is not a known key: it has no effect. Did you mean fallbacks?'),
    ])
  })
})
