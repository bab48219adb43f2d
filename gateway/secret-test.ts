import type { SecretTest } from './contract/secrets.ts'
import { GatewayError } from './model/errors.ts'
import type { Secret } from './model/secret.ts'
import type { ListPlace, ModelEntriesAnswer, ModelEntriesReader } from './providers/model-list.ts'

export interface TestedSecret {
  readonly name: string
  /** Undefined = there is none. */
  readonly value: Secret | undefined
  /** One of the places; undefined = all. */
  readonly provider: string | undefined
  readonly places: ReadonlyMap<string, ListPlace>
}

type Result = SecretTest['results'][number]

/**
 * Asks providers for their lists of models with a key: free of charge everywhere. Providers that list them to anybody are
 * told of, since that proves no key.
 * @throws GatewayError `provider_key_missing` without a value, `not_found` where there is nobody to ask
 */
export async function testSecret(
  { name, value, provider, places }: TestedSecret,
  readEntries: ModelEntriesReader,
): Promise<SecretTest> {
  if (value === undefined) {
    throw new GatewayError('provider_key_missing', `${name} has no value. Enter one, or set it in the environment.`)
  }
  const asked = [...places].filter(([known]) => provider === undefined || known === provider)
  if (asked.length === 0) {
    const known = [...places.keys()].join(', ')
    const message =
      provider !== undefined && places.size > 0
        ? `${name} is no key of ${provider.slice(0, 80)}; it is one of ${known}.`
        : `No provider is known for ${name}, so there is nobody to ask.`
    throw new GatewayError('not_found', message)
  }
  const results = await Promise.all(asked.map(([known, place]) => tryAt(known, place, value, readEntries)))
  return { works: results.every(({ works }) => works), results }
}

async function tryAt(
  provider: string,
  place: ListPlace,
  secret: Secret,
  readEntries: ModelEntriesReader,
): Promise<Result> {
  const [answer, keyless] = await Promise.all([
    readEntries({ ...place, apiKey: { kind: 'value', secret } }),
    readEntries({ ...place, apiKey: { kind: 'none' }, headers: {} }),
  ])
  const { host } = new URL(place.baseUrl)
  return { provider, host, ...judge(provider, host, answer, keyless) }
}

function judge(
  provider: string,
  host: string,
  answer: ModelEntriesAnswer,
  keyless: ModelEntriesAnswer,
): Omit<Result, 'provider' | 'host'> {
  const failed = (code: string, sentence: string) => ({ works: false, models: null, code, sentence })
  if (answer.kind === 'unreachable') return failed('upstream_error', `Nobody could be asked: ${answer.reason}.`)
  const { status, entries } = answer
  if (status === 401 || status === 403) {
    return failed('provider_key_refused', `${provider} refuses this key (${status}). Copy it again from its page.`)
  }
  if (status === 429) {
    return failed('rate_limited', `${provider} asks to wait (429), so the key could not be tried. Try again later.`)
  }
  if (entries === undefined) {
    return failed('upstream_error', `${host} gave no list of models (${status}), so the key cannot be tried this way.`)
  }
  const models = entries.length
  const count = models === 1 ? '1 model' : `${models} models`
  const isOpen = keyless.kind === 'answered' && keyless.entries !== undefined
  const sentence = isOpen
    ? `${host} answers with ${count}, but it does so without a key too: the key itself is not proved.`
    : `Works: ${count}.`
  return { works: true, models, code: null, sentence }
}
