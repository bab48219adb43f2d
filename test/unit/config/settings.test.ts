import { cacheOff } from '../../../gateway/config/compile/compile-cache.ts'
import { describe, expect, it } from 'vitest'
import { configOf, lines, loadText } from './load-text.ts'

const models = `model_list:\n${['a', 'b', 'c'].map((name) => `  - model_name: ${name}\n    litellm_params: {model: openai/x-${name}, api_key: k}\n`).join('')}`

describe('fallbacks', () => {
  it.each([
    ['a list of single-key blocks', 'router_settings:\n  fallbacks:\n    - "a": ["b", "c"]\n    - b: [c]\n'],
    ['flow form', 'router_settings: {fallbacks: [{"a": ["b", "c"]}, {"b": ["c"]}]}\n'],
    [
      'model_name and fallback_models',
      'router_settings:\n  fallbacks:\n    - model_name: a\n      fallback_models: [b, c]\n    - model_name: b\n      fallback_models: [c]\n',
    ],
    ['one block', 'router_settings:\n  fallbacks: {a: [b, c], b: [c]}\n'],
    ['steps as blocks', 'router_settings:\n  fallbacks: [{a: [{model: b, messages: []}, c]}, {b: [{model: c}]}]\n'],
    ['a single name', 'router_settings:\n  fallbacks: [{a: [b, c]}, {b: c}]\n'],
    ['the general section', 'litellm_settings:\n  fallbacks: [{a: [b, c]}, {b: [c]}]\n'],
  ])('are read from %s', (_form, settings) => {
    expect([...configOf(models + settings).fallbacks]).toEqual([
      ['a', ['b', 'c']],
      ['b', ['c']],
    ])
  })

  it('of the router win over the general ones', () => {
    const config = configOf(
      `${models}router_settings: {fallbacks: [{a: [b]}]}\nlitellm_settings: {fallbacks: [{a: [c]}]}\n`,
    )
    expect([...config.fallbacks]).toEqual([['a', ['b']]])
  })

  it('keep the default chain under *, skip the group itself and repeats', () => {
    const config = configOf(`${models}router_settings: {fallbacks: [{a: [a, b, b]}], default_fallbacks: [c]}\n`)
    expect([...config.fallbacks]).toEqual([
      ['a', ['b']],
      ['*', ['c']],
    ])
  })

  it('wait for a backend and leave a router out, each with a word about it', () => {
    const router =
      '  - model_name: r\n    litellm_params: {model: auto_router/complexity_router, complexity_router_config: {tiers: {SIMPLE: a}}}\n'
    const loaded = loadText(`${models}${router}router_settings: {fallbacks: [{r: [b]}, {a: [ollama/x, r]}]}\n`)
    expect([...(loaded.config?.fallbacks ?? [])]).toEqual([
      ['r', ['b']],
      ['a', ['ollama/x']],
    ])
    expect(lines(loaded, 'note')).toHaveLength(1)
    expect(lines(loaded, 'warning')).toEqual([
      '10:56 a: the router r cannot stand in a chain and is left out. Name a model',
    ])
  })

  it('of the two other kinds are read in the same forms and checked', () => {
    const config = configOf(
      `${models}litellm_settings: {context_window_fallbacks: [{a: [b]}], content_policy_fallbacks: {b: [c, b]}}\n`,
    )
    expect([...config.contextWindowFallbacks]).toEqual([['a', ['b']]])
    expect([...config.contentPolicyFallbacks]).toEqual([['b', ['c']]])
    const wrong = loadText(`${models}litellm_settings: {context_window_fallbacks: [{a: [x]}]}\n`)
    expect(lines(wrong, 'warning')).toContainEqual(expect.stringContaining('a names "x", which is not in model_list'))
  })

  it('leave out what is not in the list, with a warning that names the nearest: LiteLLM starts with such a file', () => {
    const loaded = loadText(
      `${models}  - model_name: good\n    litellm_params: {model: openai/x, api_key: k}\nrouter_settings: {fallbacks: [{a: [b, goof]}, {nix: [b]}], default_fallbacks: [nix]}\n`,
    )
    expect([...(loaded.config?.fallbacks ?? [])]).toEqual([['a', ['b']]])
    expect(lines(loaded, 'warning').map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'a names "goof", which is not in model_list: it is left out. Did you mean good?',
      'fallbacks names "nix", which is not in model_list: it is left out. Add it to model_list, or remove it here',
      'default_fallbacks names "nix", which is not in model_list: it is left out. Add it to model_list, or remove it here',
    ])
  })
})

describe('general settings', () => {
  it('have their defaults', () => {
    expect(configOf('')).toMatchObject({
      maxFallbacks: 5,
      numRetries: 2,
      dropParams: false,
      masterKey: { kind: 'none' },
      server: { port: undefined, host: undefined },
      signalbox: {
        allowedHosts: [],
        allowDockerHost: false,
        discovery: 'loopback',
        demo: 'on',
        toolValidation: 'warn',
        cache: cacheOff,
        bodyLimitBytes: 64 * 1024 * 1024,
      },
    })
  })

  it('are taken over', () => {
    const config = configOf(`router_settings: {num_retries: 0, max_fallbacks: 1}
litellm_settings: {num_retries: 4, drop_params: true}
general_settings: {master_key: sk-local}
signalbox: {port: 4001, host: 0.0.0.0, allowed_hosts: [Box.example.org, "::1", "[fe80::1]"], allow_docker_host: yes, discovery: off, demo: false, tool_validation: repair, body_limit_mb: 0.5}
`)
    expect(config).toMatchObject({
      maxFallbacks: 1,
      numRetries: 0,
      dropParams: true,
      server: { port: 4001, host: '0.0.0.0' },
      signalbox: {
        allowedHosts: ['box.example.org', '::1', 'fe80::1'],
        allowDockerHost: true,
        discovery: 'off',
        demo: 'off',
        toolValidation: 'repair',
        bodyLimitBytes: 524_288,
      },
    })
    expect(config.masterKey.kind === 'value' && config.masterKey.secret.reveal()).toBe('sk-local')
  })

  it('have aliases, hidden ones too; a model_name of the same name wins', () => {
    const loaded = loadText(
      `${models}router_settings: {model_group_alias: {x: a, y: {model: b, hidden: true}, c: a}}\n`,
    )
    expect([...(loaded.config?.aliases ?? [])]).toEqual([
      ['x', { group: 'a', hidden: false }],
      ['y', { group: 'b', hidden: true }],
    ])
    expect(lines(loaded, 'warning')).toHaveLength(1)
  })

  it.each(['simple-shuffle', 'simple_shuffle'])('%s is in effect without a word', (name) => {
    expect(loadText(`router_settings: {routing_strategy: ${name}}\n`).problems).toEqual([])
  })

  it.each([
    ['latency-based-routing', 'latency-based-routing'],
    ['least_busy', 'least-busy'],
    ['latency_based', 'latency-based-routing'],
    ['lowest_cost', 'cost-based-routing'],
    ['usage-based-routing', 'usage-based-routing'],
    ['usage-based-routing-v2', 'usage-based-routing-v2'],
  ])('the strategy %s means %s', (name, strategy) => {
    const loaded = loadText(`router_settings: {routing_strategy: ${name}}\n`)
    expect(loaded.problems).toEqual([])
    expect(loaded.config?.routing.strategy).toBe(strategy)
  })
})

describe('keys without effect', () => {
  it('are warned about once each, with the other lines', () => {
    const entries = [1, 2, 3]
      .map(
        (n) =>
          `  - model_name: m${n}\n    litellm_params: {model: openai/x, api_key: k${n}, region_name: eu, api_vresion: a}\n`,
      )
      .join('')
    expect(lines(loadText(`model_list:\n${entries}`), 'warning')).toEqual([
      '3:52 region_name: not in effect in this version (also on lines 5, 7)',
      '3:69 api_vresion is not a known key: it has no effect. Did you mean api_version? (also on lines 5, 7)',
    ])
  })

  it('that are switched off or empty are passed over', () => {
    expect(
      loadText('litellm_settings: {modify_params: false, success_callback: }\ngeneral_settings: {alerting: }\n')
        .problems,
    ).toEqual([])
  })

  it('of Redis and PostgreSQL need nothing: one note each, no variable is asked for', () => {
    const loaded =
      loadText(`router_settings: {redis_host: os.environ/REDIS_HOST, redis_port: os.environ/REDIS_PORT, redis_password: os.environ/P}
litellm_settings: {cache: true, cache_params: {type: redis, host: os.environ/REDIS_HOST}}
general_settings: {database_url: os.environ/DATABASE_URL, store_model_in_db: true}
`)
    expect(loaded.problems.map((problem) => problem.severity)).toEqual(['note', 'note'])
    expect(loaded.missing).not.toContain('DATABASE_URL')
  })

  it('at the top name the nearest known one', () => {
    expect(loadText('modle_list: []\n').problems[0]).toMatchObject({
      severity: 'warning',
      nearest: 'model_list',
      line: 1,
      column: 1,
    })
  })
})

describe('names that begin with x-', () => {
  it('are free for anchors and remarks', () => {
    expect(loadText('x-common: &common {api_key: k}\nmodel_list: []\n').problems).toEqual([])
  })
})

describe('environment_variables', () => {
  it('come before the environment, and may refer to it', () => {
    const text = `environment_variables: {A: from-block, B: os.environ/REAL, C: "\${A}-\${REAL}", D: os.environ/D}
model_list:\n${['A', 'B', 'C', 'D'].map((name) => `  - model_name: ${name}\n    litellm_params: {model: openai/${name}, api_key: os.environ/${name}}\n`).join('')}`
    const config = configOf(text, { environment: { A: 'outside', REAL: 'real', D: 'outer' } })
    const keys = [...config.groups.values()]
      .flat()
      .map(({ apiKey }) => (apiKey.kind === 'value' ? apiKey.secret.reveal() : apiKey.kind))
    expect(keys).toEqual(['from-block', 'real', 'from-block-real', 'outer'])
  })

  it('name the variable behind them when that one is missing, so that the keychain is asked for it', () => {
    const loaded = loadText(
      'environment_variables: {OPENAI_API_KEY: os.environ/WORK_KEY}\nmodel_list:\n  - model_name: a\n    litellm_params: {model: openai/x}\n',
    )
    expect(loaded.missing).toEqual(['OPENAI_API_KEY', 'WORK_KEY'])
    expect(lines(loaded, 'warning')).toEqual([
      '3:5 OPENAI_API_KEY (from WORK_KEY) is not set. Set it in the environment or store it in the keychain',
    ])
  })

  it.each([
    ['[A=1]', '1:24 environment_variables is a list, must be a block with NAME: value on each line'],
    ['{A: [1]}', '1:28 A is a list, must be text'],
  ])('written as %s are an error', (block, error) => {
    expect(lines(loadText(`environment_variables: ${block}\n`), 'error')).toEqual([error])
  })

  it('without use need no value', () => {
    const loaded = loadText(
      'litellm_settings: {success_callback: [slack]}\nenvironment_variables: {SLACK_WEBHOOK_URL: os.environ/SLACK_WEBHOOK_URL}\n',
    )
    expect(lines(loaded, 'warning')).toEqual([expect.stringContaining('"slack" is not supported')])
    expect(loaded.missing).toEqual([])
  })
})

describe('the revision', () => {
  it('is the same for the same meaning and another for another', () => {
    const first = configOf(models)
    expect(configOf(`${models}# a comment\n`).revision).toBe(first.revision)
    expect(configOf(`${models}router_settings: {num_retries: 3}\n`).revision).not.toBe(first.revision)
  })

  it('holds no secret: two keys give one revision', () => {
    const text =
      'model_list:\n  - model_name: a\n    litellm_params: {model: openai/x, api_key: os.environ/K, extra_headers: {x-t: os.environ/K}}\n'
    expect(configOf(text, { environment: { K: 'one' } }).revision).toBe(
      configOf(text, { environment: { K: 'two' } }).revision,
    )
  })
})

describe('YAML as people write it', () => {
  it('reads anchors, aliases and merge keys; what is written wins over what is merged', () => {
    const config = configOf(`
defaults: &defaults {api_key: k, rpm: 5, temperature: 0.1}
model_list:
  - model_name: a
    litellm_params:
      <<: *defaults
      model: openai/x
      temperature: 0.9
  - model_name: b
    litellm_params: {model: openai/y, <<: [{rpm: 9}, *defaults]}
`)
    expect(config.groups.get('a')?.[0]).toMatchObject({ rpm: 5, defaults: { temperature: 0.9 } })
    expect(config.groups.get('b')?.[0]).toMatchObject({ rpm: 9, defaults: { temperature: 0.1 } })
  })

  it('reads a byte order mark, Windows line ends and JSON', () => {
    expect(configOf(`\uFEFF${models.replaceAll('\n', '\r\n')}`).modelNames).toEqual(['a', 'b', 'c'])
    expect(configOf(JSON.stringify({ router_settings: { num_retries: 7 } })).numRetries).toBe(7)
  })
})

describe('a step of a chain with more than a model', () => {
  it('is a chain to that model, and what has no effect is told', () => {
    const loaded = loadText(`model_list:
  - {model_name: a, litellm_params: {model: openai/a, api_key: k}}
  - {model_name: b, litellm_params: {model: openai/b, api_key: k}}
router_settings:
  fallbacks:
    - a: [{model: b, temperature: 0}]
`)
    expect(loaded.config?.fallbacks).toEqual(new Map([['a', ['b']]]))
    expect(lines(loaded, 'warning')).toEqual([expect.stringMatching(/^6:22 a: temperature beside b has no effect: /)])
  })
})
