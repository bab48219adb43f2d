import type { JsonValue } from '../../model/json.ts'
import { spliceYaml } from '../edit/splice-yaml.ts'
import type { YamlEdit } from '../edit/yaml-edit.ts'

export interface ImportInputs {
  /** The stack's config as it stands. */
  readonly configText: string
  /** Variables that the config refers to. */
  readonly wanted: readonly string[]
  /** Values of the stack's variables: `.env`, env files and the container's environment. */
  readonly values: ReadonlyMap<string, string>
  /** Whether the config names a master key itself. */
  readonly namesMasterKey: boolean
  /** Port that the stack published. */
  readonly port: number | undefined
}

/** What an import would do. Holds secrets: never printed as a whole. */
export interface ImportPlan {
  /** The config to write: the stack's own bytes, but for what had to be added. */
  readonly configText: string
  /** Sentences about what was added to it. */
  readonly added: readonly string[]
  /** Keys for the keychain, by variable. */
  readonly secrets: ReadonlyMap<string, string>
  /** Variables that the config needs and the stack does not set. */
  readonly unset: readonly string[]
  /** Variables of the stack that nothing needs any more, each with why. */
  readonly left: readonly { readonly name: string; readonly why: string }[]
}

const masterKeyName = 'LITELLM_MASTER_KEY'
const defaultPort = 4000

/** Variables of LiteLLM's own machinery. */
const obsolete: readonly (readonly [RegExp, string])[] = [
  [
    /^(DATABASE_URL|POSTGRES_\w+|PG\w+|STORE_MODEL_IN_DB|STORE_PROMPTS_IN_SPEND_LOGS)$/,
    'the ledger is a built-in SQLite file',
  ],
  [/^REDIS_\w+$/, 'the cache and the limits are built in'],
  [/^LITELLM_SALT_KEY$/, 'keys are stored as hashes'],
  [/^(UI_USERNAME|UI_PASSWORD)$/, 'the interface opens by a link with a one-time code'],
]

/** Decides what to take over from a stack. Pure. @throws EditRefusedError when something must be added to a config that cannot be spliced */
export function planImport(inputs: ImportInputs): ImportPlan {
  const { values, wanted } = inputs
  const edits: YamlEdit[] = []
  const added: string[] = []
  const add = (path: readonly string[], value: JsonValue, sentence: string): void => {
    edits.push({ op: 'set', path, value })
    added.push(sentence)
  }
  const keepsMasterKey = !inputs.namesMasterKey && values.has(masterKeyName)
  if (keepsMasterKey) {
    const sentence = `general_settings.master_key: os.environ/${masterKeyName}, so that clients keep their key`
    add(['general_settings', 'master_key'], `os.environ/${masterKeyName}`, sentence)
  }
  if (inputs.port !== undefined && inputs.port !== defaultPort) {
    add(['signalbox', 'port'], inputs.port, `signalbox.port: ${inputs.port}, the port that the stack published`)
  }
  const needed = [...new Set([...wanted, ...(keepsMasterKey ? [masterKeyName] : [])])].filter(isKept)
  return {
    configText: spliceYaml(inputs.configText, edits),
    added,
    secrets: new Map(needed.flatMap((name) => (values.has(name) ? [[name, values.get(name) ?? '']] : []))),
    unset: needed.filter((name) => !values.has(name)),
    left: [...values.keys()]
      .filter((name) => !needed.includes(name))
      .map((name) => ({ name, why: whyLeft(name) }))
      .toSorted((one, other) => one.name.localeCompare(other.name)),
  }
}

function isKept(name: string): boolean {
  return !obsolete.some(([pattern]) => pattern.test(name))
}

function whyLeft(name: string): string {
  return obsolete.find(([pattern]) => pattern.test(name))?.[1] ?? 'nothing in the config refers to it'
}
