import type { ConfigEditor, EditOutcome } from '../../config/edit/config-editor.ts'
import { modelEntryEdits } from '../../config/edit/model-entries.ts'
import { spliceYaml } from '../../config/edit/splice-yaml.ts'
import type { Deployment, GatewayConfig } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'
import type { ModelEntriesReader } from '../model-list.ts'
import { describeModel, type OfferedModel } from './describe-model.ts'
import { insertedLines } from './inserted-lines.ts'
import { type NewEntries, newEntries } from './new-entries.ts'
import { type ProviderPlace, providerPlaces } from './provider-places.ts'

/** A provider's own list beside what the config has of it. */
export interface ProviderOffer {
  readonly place: ProviderPlace
  readonly models: readonly OfferedModel[]
  /** Entries of the config that the list does not have. */
  readonly unlisted: readonly Deployment[]
}

export interface AddedEntries extends Pick<EditOutcome, 'written' | 'problems'> {
  readonly added: NewEntries['entries']
  readonly skipped: NewEntries['skipped']
  /** Lines that came, or would come, into the file. */
  readonly lines: readonly string[]
}

export interface AddOptions {
  readonly prefix?: string | undefined
  readonly dryRun?: boolean | undefined
}

/** Looks up the models of providers and writes chosen ones into the config file. */
export interface ProviderSync {
  places(): readonly ProviderPlace[]
  /** @throws GatewayError `not_found`, `provider_key_missing`, `provider_key_refused`, `upstream_error` */
  offer(name: string): Promise<ProviderOffer>
  /** @throws GatewayError as `offer`, and as the editor */
  add(name: string, ids: readonly string[], options: AddOptions): Promise<AddedEntries>
}

export interface ProviderSyncDependencies {
  readonly config: () => GatewayConfig
  readonly editor: ConfigEditor
  readonly readEntries: ModelEntriesReader
  /** A whole list was read: what follows models that vanish may learn from it. */
  readonly onList: (deployments: readonly Deployment[], ids: readonly string[]) => void
}

export function createProviderSync({ config, editor, readEntries, onList }: ProviderSyncDependencies): ProviderSync {
  const find = (name: string): ProviderPlace => {
    const places = providerPlaces(config())
    const place = places.find((one) => one.name === name)
    if (place !== undefined) return place
    const known = places.map((one) => one.name).join(', ')
    throw new GatewayError(
      'not_found',
      `There is no provider ${JSON.stringify(name.slice(0, 100))} with entries or a key. There are: ${known || 'none'}. Others are defined under providers, with base_url and api_key_env.`,
    )
  }
  const offer = async (name: string): Promise<ProviderOffer> => {
    const place = find(name)
    const models = await readModels(place, readEntries)
    const ids = models.map(({ id }) => id)
    onList(place.deployments, ids)
    const unlisted = place.deployments.filter(
      ({ upstreamModel }) => !upstreamModel.includes('*') && !ids.includes(upstreamModel),
    )
    return { place, models, unlisted }
  }
  return {
    places: () => providerPlaces(config()),
    offer,
    async add(name, ids, { prefix, dryRun }) {
      const { place, models } = await offer(name)
      const before = editor.read()
      const taken = new Set([...config().groups.keys(), ...config().routers.keys(), ...config().aliases.keys()])
      const { entries, skipped } = newEntries(ids, models, place, { prefix, taken })
      const nothing = { added: entries, skipped, lines: [], problems: [], written: false }
      if (entries.length === 0) return nothing
      const edits = modelEntryEdits(before.text, entries, place.deployments[0]?.line)
      const text = spliceYaml(before.text, edits)
      const lines = insertedLines(before.text, text)
      if (dryRun === true) return { ...nothing, lines, problems: editor.check(text) }
      const { written, problems } = editor.edit(edits, before.revision)
      return { added: entries, skipped, lines, written, problems }
    },
  }
}

async function readModels({ name, place }: ProviderPlace, readEntries: ModelEntriesReader): Promise<OfferedModel[]> {
  if (place.apiKey.kind === 'missing') {
    const variables = place.apiKey.names.join(' or ')
    throw new GatewayError('provider_key_missing', `The key of ${name} is not set: give ${variables} a value.`)
  }
  const answer = await readEntries(place)
  if (answer.kind === 'unreachable') {
    throw new GatewayError('upstream_error', `${name} gave no list of its models: ${answer.reason}.`)
  }
  if (answer.status === 401 || answer.status === 403) {
    throw new GatewayError(
      'provider_key_refused',
      `${name} refused the key (${answer.status}) when asked for its models.`,
    )
  }
  if (answer.entries === undefined) {
    const { host } = new URL(place.baseUrl)
    throw new GatewayError(
      'upstream_error',
      `${host} gave no list of its models that can be read (status ${answer.status}).`,
    )
  }
  return answer.entries.flatMap((entry) => describeModel(entry) ?? [])
}
