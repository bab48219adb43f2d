import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../gateway/config/load-config.ts'
import { readCatalogue } from '../../../gateway/config/providers/catalogue.ts'
import { lines, loadText } from './load-text.ts'

const model = 'model_list:\n  - model_name: good\n    litellm_params: {model: openai/gpt-5.5, api_key: k}\n'

function router(config: string): string {
  return `${model}  - model_name: r\n    litellm_params:\n      model: auto_router/complexity_router\n      complexity_router_config: ${config}\n`
}

function params(text: string): string {
  return `model_list:\n  - model_name: good\n    litellm_params:\n      model: openai/gpt-5.5\n      api_key: k\n      ${text}\n`
}

/** What is written, and the first error it must give: `line:column message`. */
const cases: readonly (readonly [what: string, text: string, error: string])[] = [
  [
    'a number with a comma',
    router('{tiers: {SIMPLE: good}, tier_boundaries: {medium_complex: "0,25"}}'),
    '7:91 medium_complex is the text "0,25", must be a number. Write 0.25',
  ],
  ['a word for a number', params('rpm: many'), '6:12 rpm is the text "many", must be a number of 0 or more'],
  ['a negative limit', params('rpm: -3'), '6:12 rpm is the number -3, must be a number of 0 or more'],
  ['a list for a number', params('timeout: [1]'), '6:16 timeout is a list, must be a number above 0'],
  [
    'a negative price',
    params('input_cost_per_token: -0.1'),
    '6:29 input_cost_per_token is the number -0.1, must be a number. A price cannot be below 0',
  ],
  [
    'a price that is no number',
    params('input_cost_per_token: cheap'),
    '6:29 input_cost_per_token is the text "cheap", must be a number',
  ],
  [
    'a hexadecimal price',
    params('input_cost_per_token: 0x1F'),
    '6:29 input_cost_per_token is the number 0x1F, must be a number',
  ],
  [
    'an infinite price',
    params('input_cost_per_token: .inf'),
    '6:29 input_cost_per_token is the number .inf, must be a number',
  ],
  ['text for a list', params('tags: eu'), '6:13 tags is the text "eu", must be a list. Put it in [ ]'],
  [
    'text for a block',
    'general_settings: yes please\n',
    '1:19 general_settings is the text "yes please", must be a block of keys',
  ],
  ['a list at the top', '- a\n- b\n', '1:1 The file is a list, must be blocks such as model_list:'],
  ['text at the top', 'hello\n', '1:1 The file is a single text, must be blocks such as model_list:'],
  [
    'no model_name',
    'model_list:\n  - litellm_params: {model: openai/x}\n',
    '2:5 model_list[0] has no model_name, must have text',
  ],
  [
    'an empty model_name',
    'model_list:\n  - model_name:\n    litellm_params: {model: openai/x}\n',
    '2:5 model_name is empty, must be text',
  ],
  [
    'no litellm_params',
    'model_list:\n  - model_name: x\n',
    '2:5 model_list[0] has no litellm_params, must have a block of keys',
  ],
  [
    'no model',
    'model_list:\n  - model_name: x\n    litellm_params: {api_key: k}\n',
    '3:21 litellm_params has no model, must have text',
  ],
  [
    'a duplicate key',
    'signalbox:\n  port: 1\n  port: 2\n',
    '3:3 port is there twice in the same block (first on line 2). Keep one of the two',
  ],
  [
    'an open quote',
    'general_settings:\n  master_key: "sk-1\n',
    '3:1 A character is missing here: a closing quote, bracket or brace, a comma, or the colon after a key',
  ],
  ['a tab for indentation', 'signalbox:\n\tport: 1\n', '2:1 A tab is used for indentation. Use spaces'],
  [
    'two documents',
    'signalbox: {}\n---\nsignalbox: {}\n',
    '2:1 A second document starts here (---), but the file holds one. Remove the line',
  ],
  ['an alias without anchor', 'signalbox: *nowhere\n', '1:12 No &nowhere stands above this *nowhere'],
  [
    'an unknown prefix',
    'model_list:\n  - model_name: x\n    litellm_params: {model: opnai/gpt}\n',
    '3:29 opnai/ is not a known provider. Did you mean openai/? Set api_base, or define opnai under providers with base_url and api_key_env',
  ],
  [
    'a bare unknown name',
    'model_list:\n  - model_name: x\n    litellm_params: {model: mystery}\n',
    '3:29 model is "mystery", which names no provider. Write it as provider/model, such as openai/mystery, or set api_base',
  ],
  [
    'a prefix alone',
    'model_list:\n  - model_name: x\n    litellm_params: {model: openai/}\n',
    '3:29 model is "openai/", must be openai/ followed by the model\'s id',
  ],
  [
    'a server without address',
    'model_list:\n  - model_name: x\n    litellm_params: {model: hosted_vllm/x}\n',
    "3:29 hosted_vllm/ has no base URL of its own. Set api_base to the server's address, such as http://host:8000/v1",
  ],
  [
    'an address that is none',
    params('api_base: localhost:8000'),
    '6:17 api_base is "localhost:8000", must be an address such as http://host:8000/v1, starting with http:// or https://',
  ],
  [
    'an address of another kind',
    params('api_base: file:///etc/passwd'),
    '6:17 api_base is "file:///etc/passwd", must be an address such as http://host:8000/v1, starting with http:// or https://',
  ],
  [
    'an address with a query',
    params('api_base: "http://h/v1?key=abc"'),
    '6:17 api_base is [hidden], must be an address such as http://host:8000/v1, without ? and #',
  ],
  [
    'an address with credentials',
    params('api_base: "https://me:hunter2@h/v1"'),
    '6:17 api_base is [hidden], must be an address without user name and password; write the key as api_key',
  ],
  [
    'a header of the transport',
    params('extra_headers: {Host: evil}'),
    '6:22 the header "host" is set by the gateway itself. Remove it',
  ],
  [
    'a header with a line feed',
    params('extra_headers: {x-a: "b\\nc"}'),
    '6:22 the header "x-a" has a value with characters that HTTP does not allow',
  ],
  [
    'a router without tiers',
    router('{}'),
    '7:33 r has no tiers. Under complexity_router_config write tiers with at least one of SIMPLE, MEDIUM, COMPLEX, REASONING and a model_name',
  ],
  [
    'a tier that is none',
    router('{tiers: {SIMPEL: good}}'),
    '7:50 SIMPEL is not a tier, must be one of SIMPLE, MEDIUM, COMPLEX, REASONING. Write SIMPLE',
  ],
  [
    'an empty tier',
    router('{tiers: {SIMPLE: good, MEDIUM: }}'),
    '7:56 MEDIUM has no model. Name one, or remove the tier',
  ],
  ['an empty chain', router('{tiers: {SIMPLE: []}}'), '7:50 SIMPLE has no model. Name one, or remove the tier'],
  [
    'a tier with an unknown model',
    router('{tiers: {SIMPLE: goood}}'),
    '7:50 SIMPLE names "goood", which is not in model_list. Did you mean good?',
  ],
  [
    'a chain with an unknown model',
    router('{tiers: {SIMPLE: [good, nix]}}'),
    '7:57 SIMPLE names "nix", which is not in model_list. Add it to model_list',
  ],
  [
    'a demo model in a tier',
    router('{tiers: {SIMPLE: demo-simple}}'),
    '7:50 SIMPLE names "demo-simple", which is not in model_list. Add it to model_list',
  ],
  [
    'a router in its own tier',
    router('{tiers: {SIMPLE: r}}'),
    '7:50 SIMPLE names this router itself, must name a model',
  ],
  [
    'an unknown default model',
    router('{tiers: {SIMPLE: good}, default_model: goo}'),
    '7:72 default_model names "goo", which is not in model_list. Did you mean good?',
  ],
  [
    'boundaries that fall',
    router('{tiers: {SIMPLE: good}, tier_boundaries: {simple_medium: 0.5}}'),
    '7:90 medium_complex is 0.35, below simple_medium (0.5). They must go up in the order simple_medium, medium_complex, complex_reasoning',
  ],
  [
    'thresholds that fall',
    router('{tiers: {SIMPLE: good}, token_thresholds: {simple: 500}}'),
    '7:84 complex is 400, below simple (500). They must go up in the order simple, complex',
  ],
  [
    'a weight that is no number',
    router('{tiers: {SIMPLE: good}, dimension_weights: {tokenCount: .nan}}'),
    '7:89 tokenCount is the number .nan, must be a number',
  ],
  [
    'an unknown no-signal tier',
    router('{tiers: {SIMPLE: good}, no_signal_tier: medium}'),
    '7:73 medium is not a tier, must be one of SIMPLE, MEDIUM, COMPLEX, REASONING. Write MEDIUM',
  ],
  [
    'an unknown text scope',
    router('{tiers: {SIMPLE: good}, text_scope: users}'),
    '7:69 text_scope is the text "users", must be one of user, system_and_user. Write user',
  ],
  [
    'a name for a router and a model',
    `${router('{tiers: {SIMPLE: good}}')}  - model_name: r\n    litellm_params: {model: openai/x, api_key: k}\n`,
    '4:17 r is a router and a model. Give one of them another model_name',
  ],
  [
    'an id used twice',
    `${model}    model_info: {id: a}\n  - model_name: two\n    litellm_params: {model: openai/x, api_key: k}\n    model_info: {id: a}\n`,
    '5:1 the id "a" is used by the entry on line 2 already. Give each entry an id of its own',
  ],
  [
    'an alias to nowhere',
    `${model}router_settings:\n  model_group_alias: {a: godo}\n`,
    '5:26 the alias a names "godo", which is not in model_list. Did you mean good?',
  ],
  [
    'an unknown strategy',
    'router_settings: {routing_strategy: random}\n',
    '1:37 routing_strategy is "random", must be one of simple-shuffle, least-busy, latency-based-routing, usage-based-routing, usage-based-routing-v2, cost-based-routing',
  ],
  [
    'a port out of range',
    'signalbox: {port: 70000}\n',
    '1:19 port is the number 70000, must be a whole number of 0 or more and at most 65535',
  ],
  [
    'half a word for a switch',
    'signalbox: {demo: of}\n',
    '1:19 demo is the text "of", must be one of on, off. Write off',
  ],
  [
    'a number for a switch',
    'signalbox: {allow_docker_host: 1}\n',
    '1:32 allow_docker_host is the number 1, must be true or false. Write true',
  ],
  [
    'an address for a host name',
    'signalbox: {allowed_hosts: ["http://box"]}\n',
    '1:29 allowed_hosts has "http://box", must be a host name such as box.example.org, without scheme, port and path',
  ],
]

describe('what is wrong in a file', () => {
  it.each(cases)('%s is reported where it stands', (_what, text, error) => {
    const loaded = loadText(text)
    expect(lines(loaded, 'error')[0]).toBe(error)
    expect(loaded.config).toBeUndefined()
  })

  it('is reported all at once: syntax, duplicate keys, types and values', () => {
    const loaded = loadText(
      'signalbox:\n  port: x\n  port: 1\n  demo: maybe\nrouter_settings:\n  num_retries: -1\nbad: *nothing\n',
    )
    expect(lines(loaded, 'error').map((line) => line.split(' ')[0])).toEqual(['2:9', '3:3', '4:9', '6:16', '7:6'])
  })

  it('carries the path, the value seen and the value wanted', () => {
    const [problem] = loadText(params('rpm: many')).problems
    expect(problem).toMatchObject({
      file: expect.stringMatching(/config\.yaml$/),
      path: 'model_list[0].litellm_params.rpm',
      seen: 'many',
      wanted: 'a number of 0 or more',
    })
  })

  it('is reported once when an alias leads to it many times', () => {
    const text =
      'x: &limits {rpm: many}\nmodel_list:\n' +
      [1, 2, 3]
        .map(
          (n) =>
            `  - model_name: m${n}\n    litellm_params:\n      <<: *limits\n      model: openai/x\n      api_key: k${n}\n`,
        )
        .join('')
    expect(lines(loadText(text), 'error')).toEqual(['1:18 rpm is the text "many", must be a number of 0 or more'])
  })

  it('does not make one mistake into several: a refused entry still counts where it is named', () => {
    const text = `${params('rpm: many')}  - model_name: r\n    litellm_params:\n      model: auto_router/complexity_router\n      complexity_router_config: {tiers: {SIMPLE: good}}\n`
    expect(lines(loadText(text), 'error')).toHaveLength(1)
  })

  it('never shows a secret, wherever it stands', () => {
    const secret = 'sk-canary-0123456789abcdef'
    const texts = [
      params(`extra_headers: [${secret}]`),
      params(`rpm: ${secret}`),
      params(`api_kye: ${secret}`),
      params(`extra_headers: {x: {y: ${secret}}}`),
      `general_settings: {master_key: [${secret}]}\n`,
      `general_settings: {master_key: {a: ${secret}}}\n`,
      `general_settings: "${secret}\n`,
      `- ${secret}\n`,
      `model_list:\n  - model_name: x\n    litellm_params: {model: openai/x, api_key: ${secret}, timeout: ${secret}}\n`,
      params(`api_base: https://u:${secret}@h/v1`),
      params(`api_base: ${secret}`),
      params(`custom_llm_provider: ${secret}`),
      `${secret}: 1\n`,
      `router_settings: {routing_strategy: ${secret}, fallbacks: [{${secret}: [${secret}]}]}\n`,
      `signalbox: {allowed_hosts: ['${secret} x']}\n`,
      `model_list:\n  - model_name: x\n    litellm_params: {model: ${secret}}\n`,
    ]
    for (const text of texts) {
      const loaded = loadText(text)
      expect(loaded.problems.length).toBeGreaterThan(0)
      expect(JSON.stringify(loaded.problems)).not.toContain('canary')
    }
  })

  it('is one error when the file is not there, and none when it is empty', () => {
    const catalogue = readCatalogue()
    const lookup = () => undefined
    const gone = loadConfig({ path: '/nowhere/config.yaml', readFile: () => undefined, lookup, catalogue })
    expect(lines(gone, 'error')).toHaveLength(1)
    expect(loadText('').config?.modelNames).toEqual([])
    expect(loadText('# nothing yet\n').config?.modelNames).toEqual([])
    expect(loadText('model_list:\n').config?.modelNames).toEqual([])
  })

  it('is one error when the file cannot be read', () => {
    const readFile = () => {
      throw Object.assign(new Error('no'), { code: 'EACCES' })
    }
    const denied = loadConfig({
      path: '/nowhere/config.yaml',
      readFile,
      lookup: () => undefined,
      catalogue: readCatalogue(),
    })
    expect(lines(denied, 'error')[0]).toMatch(/config\.yaml cannot be read: permission denied/)
  })
})
