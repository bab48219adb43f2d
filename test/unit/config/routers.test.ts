import { describe, expect, it } from 'vitest'
import type { RouterDefinition } from '../../../gateway/config/gateway-config.ts'
import { configOf, lines, loadText, type TextOptions } from './load-text.ts'

const models = ['good', 'other']
  .map((name) => `  - model_name: ${name}\n    litellm_params: {model: openai/x-${name}, api_key: k}\n`)
  .join('')

function text(config: string, more = ''): string {
  return `model_list:\n${models}  - model_name: r\n    litellm_params:\n      model: auto_router/complexity_router\n      complexity_router_config: ${config}\n${more}`
}

function routerOf(config: string, more = '', options: TextOptions = {}): RouterDefinition {
  const router = configOf(text(config, more), options).routers.get('r')
  if (router === undefined) throw new Error('no router')
  return router
}

describe('tiers', () => {
  it('are one model, a chain in order, or a model with request fields', () => {
    const { tiers } = routerOf(
      '{tiers: {SIMPLE: good, MEDIUM: [other, good, other], COMPLEX: {model_name: good, litellm_params: {reasoning_effort: high, extra_body: {a: 1}}}, REASONING: [{model_name: other, litellm_params: {temperature: 0}}, good]}}',
    )
    const configured = (model: string, defaults = {}) => ({ model, state: 'configured', defaults })
    expect(tiers).toEqual({
      SIMPLE: [configured('good')],
      MEDIUM: [configured('other'), configured('good')],
      COMPLEX: [configured('good', { reasoning_effort: 'high', a: 1 })],
      REASONING: [configured('other', { temperature: 0 }), configured('good')],
    })
  })

  it.each(['ollama/qwen3', 'llama.cpp/x', 'vllm/meta/llama', 'lmstudio/x', 'docker/x', 'local/x'])(
    'wait for %s with a note, since a backend may bring it',
    (name) => {
      const loaded = loadText(text(`{tiers: {SIMPLE: ${name}, MEDIUM: good}}`))
      expect(loaded.config?.routers.get('r')?.tiers.SIMPLE).toEqual([{ model: name, state: 'waiting', defaults: {} }])
      expect(lines(loaded, 'note')).toEqual([
        `9:50 SIMPLE waits for ${name}: it is used once ${name.split('/')[0]} has it`,
      ])
    },
  )

  it('wait for an entry whose model is in a variable that is not set', () => {
    const entry = '  - model_name: gone\n    litellm_params: {model: os.environ/GONE}\n'
    const loaded = loadText(text('{tiers: {SIMPLE: gone, MEDIUM: good}}', entry))
    expect(loaded.config?.modelNames).not.toContain('gone')
    expect(loaded.config?.routers.get('r')?.tiers.SIMPLE).toMatchObject([{ model: 'gone', state: 'waiting' }])
    expect(lines(loaded, 'note')).toEqual([
      expect.stringContaining('SIMPLE waits for gone: a variable of its entry is not set'),
    ])
  })

  it('wait for a model of a backend that the file names', () => {
    const loaded = loadText(
      text('{tiers: {SIMPLE: gpubox/llama}}', 'backends: {gpubox: {url: "http://gpubox:8000"}}\n'),
    )
    expect(loaded.config?.routers.get('r')?.tiers.SIMPLE?.[0]?.state).toBe('waiting')
    expect(loadText(text('{tiers: {SIMPLE: gpubox/llama}}')).config).toBeUndefined()
  })

  it('follow an alias to its group', () => {
    const router = routerOf('{tiers: {SIMPLE: quick}}', 'router_settings: {model_group_alias: {quick: good}}\n')
    expect(router.tiers.SIMPLE?.[0]?.model).toBe('good')
  })

  it('naming another router are an error', () => {
    const second =
      '  - model_name: r2\n    litellm_params:\n      model: auto_router/complexity_router\n      complexity_router_config: {tiers: {SIMPLE: r}}\n'
    expect(lines(loadText(text('{tiers: {SIMPLE: good}}', second)), 'error')).toEqual([
      '13:50 SIMPLE names the router r, must name a model',
    ])
  })

  it('name the nearest model for an upstream id', () => {
    const loaded = loadText(text('{tiers: {SIMPLE: openai/good}}'))
    expect(loaded.problems[0]).toMatchObject({ severity: 'error', nearest: 'good' })
  })
})

describe('the default model', () => {
  it('is the key beside the block, else the one inside', () => {
    expect(routerOf('{tiers: {SIMPLE: good}, default_model: other}').defaultModel?.model).toBe('other')
    const beside = '      complexity_router_default_model: good\n'
    expect(routerOf('{tiers: {SIMPLE: good}, default_model: other}', beside).defaultModel?.model).toBe('good')
    expect(routerOf('{tiers: {SIMPLE: good}}').defaultModel).toBeUndefined()
  })
})

describe('scoring settings', () => {
  it('stay open where the file is silent', () => {
    expect(routerOf('{tiers: {SIMPLE: good}}')).toMatchObject({
      missingTier: 'nearest',
      line: 6,
      complexity: {
        tierBoundaries: {},
        tokenThresholds: {},
        dimensionWeights: undefined,
        codeKeywords: undefined,
        customTechnicalKeywords: [],
        reasoningOverrideMinScore: undefined,
        textScope: 'user',
        noSignalTier: undefined,
        reminderMarkers: undefined,
      },
    })
  })

  it('are taken over', () => {
    const router =
      routerOf(`{tiers: {SIMPLE: good}, tier_boundaries: {simple_medium: 0.1, medium_complex: 0.25, complex_reasoning: 0.55}, token_thresholds: {simple: 5},
        dimension_weights: {tokenCount: 0.0}, code_keywords: [a], reasoning_keywords: [], technical_keywords: [b], simple_keywords: [c], custom_technical_keywords: [d],
        reasoning_override_min_score: 0, reminder_markers: [{open: "<x>", close: "</x>"}], text_scope: system_and_user, no_signal_tier: MEDIUM, missing_tier: litellm}`)
    expect(router.missingTier).toBe('litellm')
    expect(router.complexity).toEqual({
      tierBoundaries: { simple_medium: 0.1, medium_complex: 0.25, complex_reasoning: 0.55 },
      tokenThresholds: { simple: 5 },
      dimensionWeights: { tokenCount: 0 },
      codeKeywords: ['a'],
      reasoningKeywords: [],
      technicalKeywords: ['b'],
      simpleKeywords: ['c'],
      customTechnicalKeywords: ['d'],
      reasoningOverrideMinScore: 0,
      textScope: 'system_and_user',
      noSignalTier: 'MEDIUM',
      reminderMarkers: [{ open: '<x>', close: '</x>' }],
    })
  })

  it('warn about an unknown dimension and about keys of later versions', () => {
    const loaded = loadText(
      text(
        '{tiers: {SIMPLE: good}, dimension_weights: {codePresense: 1, tokenCount: 1}, classifier_type: llm, session_affinity: true}',
      ),
    )
    expect(loaded.config?.routers.get('r')?.complexity.dimensionWeights).toEqual({ tokenCount: 1 })
    expect(lines(loaded, 'warning').map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'codePresense is not a dimension and has no effect. Did you mean codePresence?',
      'classifier_type: not supported in this version',
      'session_affinity: not supported in this version',
    ])
  })

  it.each(['"{}"', '{tiers: [good]}'])('of a block that is refused (%s) give one error and not two', (block) => {
    expect(lines(loadText(text(block)), 'error')).toHaveLength(1)
  })

  it('warn about a weight that is empty, as in codePresence: 0,10', () => {
    const loaded = loadText(text('{tiers: {SIMPLE: good}, dimension_weights: {tokenCount: 0,10}}'))
    expect(lines(loaded, 'warning')).toEqual([
      expect.stringContaining('10 is empty and has no effect: a dimension without a weight counts 0'),
    ])
  })

  it('do not hold a default against a refused value', () => {
    const loaded = loadText(
      text('{tiers: {SIMPLE: good}, tier_boundaries: {medium_complex: x, complex_reasoning: 0.2}}'),
    )
    expect(lines(loaded, 'error')).toHaveLength(1)
  })
})
