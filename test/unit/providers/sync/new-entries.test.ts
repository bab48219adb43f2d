import { describe, expect, test } from 'vitest'
import { describeModel } from '../../../../gateway/providers/sync/describe-model.ts'
import { insertedLines } from '../../../../gateway/providers/sync/inserted-lines.ts'
import { newEntries } from '../../../../gateway/providers/sync/new-entries.ts'
import { providerPlaces } from '../../../../gateway/providers/sync/provider-places.ts'
import { modelEntryEdits } from '../../../../gateway/config/edit/model-entries.ts'
import { spliceYaml } from '../../../../gateway/config/edit/splice-yaml.ts'
import { configOf } from '../../config/load-text.ts'

const file = `# mine
model_list:
  - model_name: saia/gpt-oss   # the big one
    litellm_params:
      model: openai/gpt-oss-120b
      api_base: "https://chat-ai.academiccloud.de/v1"
      api_key: \${SAIA_API_KEY}
      rpm: 30
  - model_name: mini
    litellm_params: { model: openai/gpt-5.4-mini }   # no base

router_settings: { num_retries: 1 }
`
const environment = { SAIA_API_KEY: 'saia-key', OPENAI_API_KEY: 'openai-key', MISTRAL_API_KEY: 'mistral-key' }
const config = configOf(file, { environment })
const offered = [
  { id: 'glm-4.7', input: ['text'], output: ['text', 'thought'] },
  { id: 'gpt-oss-120b' },
  { id: 'bge-m3', context_length: 8192 },
].flatMap((entry) => describeModel(entry) ?? [])
const names = { prefix: undefined, taken: new Set(config.groups.keys()) }

function placeNamed(name: string) {
  const place = providerPlaces(config).find((one) => one.name === name)
  if (place === undefined) throw new Error(`no ${name}`)
  return place
}

describe('the places that models come from', () => {
  test('are named by provider, or by host where one prefix stands for several', () => {
    const places = providerPlaces(config).map(({ name, deployments }) => [name, deployments.length])
    expect(places).toEqual([
      ['chat-ai.academiccloud.de', 1],
      ['openai', 1],
      ['mistral', 0],
    ])
  })

  test('are those that the user defined, key or no key', () => {
    const own = configOf('providers:\n  lab: { base_url: "http://10.0.0.5:8000/v1", api_key_env: LAB_KEY }\n')
    expect(providerPlaces(own)).toMatchObject([
      { name: 'lab', place: { apiKey: { kind: 'missing', names: ['LAB_KEY'] } } },
    ])
  })
})

describe('new entries', () => {
  test('begin like their neighbours and say what the provider said', () => {
    const { entries, skipped } = newEntries(
      ['glm-4.7', 'gpt-oss-120b', 'bge-m3', 'gone'],
      offered,
      placeNamed('chat-ai.academiccloud.de'),
      names,
    )
    expect(entries).toEqual([
      {
        modelName: 'saia/glm-4.7',
        provider: 'openai',
        upstreamModel: 'glm-4.7',
        modelInfo: { supports_vision: false, supports_reasoning: true },
      },
      {
        modelName: 'saia/bge-m3',
        provider: 'openai',
        upstreamModel: 'bge-m3',
        modelInfo: { mode: 'embedding', max_input_tokens: 8192 },
      },
    ])
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'saia/gpt-oss stands for it already',
      'chat-ai.academiccloud.de does not list it',
    ])
  })

  test('take no name that stands for something', () => {
    const taken = new Set(['saia/glm-4.7'])
    const { entries, skipped } = newEntries(['glm-4.7'], offered, placeNamed('chat-ai.academiccloud.de'), {
      prefix: undefined,
      taken,
    })
    expect([entries, skipped[0]?.reason]).toEqual([[], 'the name saia/glm-4.7 is taken; give another prefix'])
    expect(newEntries(['glm-4.7'], offered, placeNamed('mistral'), names).entries[0]?.modelName).toBe('mistral/glm-4.7')
    const given = newEntries(['glm-4.7'], offered, placeNamed('mistral'), { ...names, prefix: 'eu-' })
    expect(given.entries[0]?.modelName).toBe('eu-glm-4.7')
  })

  test('come into the file with the address and the key’s reference as they are written, and nothing else changes', () => {
    const place = placeNamed('chat-ai.academiccloud.de')
    const { entries } = newEntries(['glm-4.7'], offered, place, names)
    const text = spliceYaml(file, modelEntryEdits(file, entries, place.deployments[0]?.line))
    expect(insertedLines(file, text)).toEqual([
      '  - model_name: saia/glm-4.7',
      '    litellm_params:',
      '      model: openai/glm-4.7',
      '      api_base: https://chat-ai.academiccloud.de/v1',
      '      api_key: ${SAIA_API_KEY}',
      '    model_info:',
      '      supports_vision: false',
      '      supports_reasoning: true',
    ])
    const added = configOf(text, { environment }).groups.get('saia/glm-4.7')?.[0]
    expect(added).toMatchObject({ upstreamModel: 'glm-4.7', baseUrl: 'https://chat-ai.academiccloud.de/v1' })
    expect(added?.apiKey).toMatchObject({ kind: 'value' })
  })

  test('make the list where there is none', () => {
    const place = placeNamed('mistral')
    const { entries } = newEntries(['bge-m3'], offered, place, names)
    const text = spliceYaml(
      'signalbox: { demo: off }\n',
      modelEntryEdits('signalbox: { demo: off }\n', entries, undefined),
    )
    expect(configOf(text, { environment }).groups.get('mistral/bge-m3')?.[0]?.upstreamModel).toBe('bge-m3')
  })
})
