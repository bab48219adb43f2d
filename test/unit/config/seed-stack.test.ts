import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../gateway/config/load-config.ts'
import { readCatalogue } from '../../../gateway/config/providers/catalogue.ts'

const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'configs')
const path = join(folder, 'seed-stack.yaml')
const environment: Readonly<Record<string, string>> = {
  OPENAI_API_KEY: 'openai-key',
  ANTHROPIC_API_KEY: 'anthropic-key',
  GEMINI_API_KEY: 'gemini-key',
  MISTRAL_API_KEY: 'mistral-key',
  OPENCODE_GO_API_KEY: 'go-key',
  LITELLM_MASTER_KEY: 'sk-local-master-key',
}

function load(variables: Readonly<Record<string, string>>) {
  return loadConfig({ path, lookup: (name) => variables[name], catalogue: readCatalogue() })
}

describe('the configuration of a real LiteLLM stack: 27 models of 5 providers, 3 routers', () => {
  const { config, problems, missing } = load(environment)

  it('loads unchanged, without an error or a warning, and asks for no variable in vain', () => {
    expect(problems.filter((problem) => problem.severity !== 'note')).toEqual([])
    expect(missing).toEqual([])
    expect(config).toBeDefined()
  })

  it('lists exactly the 30 names of the file, in file order', () => {
    const written = [...readFileSync(path, 'utf8').matchAll(/model_name: (\S+)/g)].map((match) => match[1])
    expect(written).toHaveLength(30)
    expect(config?.modelNames).toEqual(written)
    expect(config?.groups.size).toBe(27)
    expect([...(config?.routers.keys() ?? [])]).toEqual(['frontier-router', 'mistral-router', 'opencodego-router'])
  })

  it('only notes that PostgreSQL and Redis are not needed', () => {
    expect(problems.map((problem) => problem.message)).toEqual([
      'database_url: the built-in database is used; no PostgreSQL is needed',
      'cache: the built-in cache (a file of its own) takes the place of Redis and the others',
    ])
  })

  it('keeps prices as the exact text of the file', () => {
    const prices = config?.groups.get('mistral-small-4')?.[0]?.prices
    expect(prices?.inputPerToken).toBe('0.00000015')
    expect(prices?.outputPerToken).toBe('0.00000060')
  })

  it('books the custom provider under its own prefix', () => {
    const deployment = config?.groups.get('opencode-glm-5-1')?.[0]
    expect(deployment?.provider).toBe('opencodego')
    expect(deployment?.upstreamModel).toBe('glm-5.1')
    expect(deployment?.baseUrl).toBe('https://opencode.ai/zen/go/v1')
    expect(deployment?.apiKey).toMatchObject({ kind: 'value' })
  })

  it('gives the tuned router its weights and boundaries, and the others none', () => {
    const tuned = config?.routers.get('opencodego-router')?.complexity
    expect(tuned?.dimensionWeights).toMatchObject({ tokenCount: 0, reasoningMarkers: 0.4, questionComplexity: 0.02 })
    expect(tuned?.tierBoundaries).toEqual({ simple_medium: 0.1, medium_complex: 0.25, complex_reasoning: 0.55 })
    expect(config?.routers.get('frontier-router')?.complexity.dimensionWeights).toBeUndefined()
    expect(Object.keys(config?.routers.get('mistral-router')?.tiers ?? {})).toEqual(['SIMPLE', 'COMPLEX'])
  })

  it('without any key still loads: one warning per variable, and the deployments say which one they lack', () => {
    const bare = load({})
    const warnings = bare.problems.filter((problem) => problem.severity === 'warning')
    expect(warnings).toHaveLength(6)
    expect(warnings[0]?.message).toBe(
      'OPENAI_API_KEY is not set. Set it in the environment or store it in the keychain (also on lines 23, 27)',
    )
    expect(bare.missing).not.toContain('DATABASE_URL')
    expect(bare.config?.groups.get('gpt-5.5')?.[0]?.apiKey).toEqual({ kind: 'missing', names: ['OPENAI_API_KEY'] })
    expect(bare.config?.masterKey).toEqual({ kind: 'missing', names: ['LITELLM_MASTER_KEY'] })
  })

  it('works without providers.json too, since each entry names its base', () => {
    const alone = loadConfig({
      path,
      readFile: (file) => (file === path ? readFileSync(path, 'utf8') : undefined),
      lookup: (name) => environment[name],
      catalogue: readCatalogue(),
    })
    expect(alone.config?.modelNames).toHaveLength(30)
    expect(alone.config?.groups.get('opencode-glm-5')?.[0]?.provider).toBe('opencodego')
  })
})
