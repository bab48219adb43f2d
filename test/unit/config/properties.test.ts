import fc from 'fast-check'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { ConfigFileSchema } from '../../../gateway/config/schema/config-file.ts'
import { createProblemList } from '../../../gateway/config/source/problem-list.ts'
import { createValueReader } from '../../../gateway/config/source/read-value.ts'
import { readYaml } from '../../../gateway/config/source/read-yaml.ts'
import { createVariables } from '../../../gateway/config/source/variables.ts'
import { loadText } from './load-text.ts'

const keys = fc.constantFrom(
  'model_list',
  'model_name',
  'litellm_params',
  'model',
  'api_base',
  'api_key',
  'rpm',
  'timeout',
  'tags',
  'model_info',
  'id',
  'router_settings',
  'fallbacks',
  'default_fallbacks',
  'model_group_alias',
  'num_retries',
  'litellm_settings',
  'cache_params',
  'general_settings',
  'master_key',
  'providers',
  'base_url',
  'headers',
  'signalbox',
  'port',
  'demo',
  'allowed_hosts',
  'backends',
  'complexity_router_config',
  'tiers',
  'SIMPLE',
  'MEDIUM',
  'dimension_weights',
  'tokenCount',
  'environment_variables',
  '__proto__',
  '<<',
)
const scalars = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(
    'openai/x',
    'auto_router/complexity_router',
    'ollama/y',
    'os.environ/X',
    '${X}',
    'http://h/v1',
    '*',
    'a',
    '0,5',
    '30',
  ),
)
const tree = fc.letrec((tie) => ({
  node: fc.oneof({ maxDepth: 6, depthSize: 'small' }, scalars, fc.array(tie('node'), { maxLength: 4 }), tie('map')),
  map: fc
    .array(fc.tuple(fc.oneof(keys, fc.string()), tie('node')), { maxLength: 5 })
    .map((pairs) => Object.fromEntries(pairs)),
}))
const yamlPieces = fc.array(
  fc.oneof(
    fc.string(),
    fc.constantFrom(
      '\n',
      '  ',
      '- ',
      ': ',
      '&a ',
      '*a',
      '<<: ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '|\n',
      '? ',
      '---\n',
      '!!tag ',
      '#',
      '\t',
      'model_list',
      '0.1',
    ),
  ),
  { maxLength: 40 },
)

describe('any text', () => {
  it('is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(
        yamlPieces,
        (pieces) => void loadText(pieces.join(''), { providersJson: pieces.toReversed().join('') }),
      ),
      { numRuns: 300 },
    )
  })

  it('gives problems with a place inside the file', () => {
    fc.assert(
      fc.property(yamlPieces, (pieces) => {
        const text = pieces.join('')
        const count = text.split(/\r\n|\n|\r/).length
        for (const { line, column } of loadText(text).problems) {
          if (line === null) continue
          expect(line).toBeGreaterThanOrEqual(1)
          expect(line).toBeLessThanOrEqual(count + 1)
          expect(column).toBeGreaterThanOrEqual(1)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('any tree of known keys', () => {
  it('compiles or is refused with at least one error', () => {
    fc.assert(
      fc.property(tree.map, (value) => {
        const { config, problems } = loadText(stringify(value, { aliasDuplicateObjects: false }))
        expect(config === undefined).toBe(problems.some((problem) => problem.severity === 'error'))
      }),
      { numRuns: 300 },
    )
  })

  it('is read to a value that the schema accepts, whatever was left out', () => {
    fc.assert(
      fc.property(tree.map, (value) => {
        const problems = createProblemList('f')
        const variables = createVariables(() => undefined, undefined)
        const root = readYaml(stringify(value, { aliasDuplicateObjects: false }), problems)
        const read = createValueReader({ problems, variables }).read(ConfigFileSchema, root, 'the file')
        if (read !== undefined) expect(Value.Check(ConfigFileSchema, read)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
