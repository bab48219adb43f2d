import type { AgentModel, AgentView } from '../contract/agents.ts'
import type { JsonValue } from '../model/json.ts'

/** Where an agent's files lie. All absolute. */
export interface AgentPlace {
  readonly home: string
  /** `XDG_CONFIG_HOME`, else `.config` in the home. */
  readonly configHome: string
  readonly platform: NodeJS.Platform
  /** Variables that move an agent's files (`CODEX_HOME`, `CLAUDE_CONFIG_DIR`); none of them where a home was named. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A key made for one agent. */
export interface AgentKey {
  readonly secret: string
  /** Absolute path of a file that holds the secret and nothing else, mode 0600. */
  readonly file: string
}

/** What an export is made of. */
export interface ExportFacts {
  readonly place: AgentPlace
  /** Origin of the gateway, without a trailing slash. */
  readonly url: string
  readonly models: readonly AgentModel[]
  readonly model: AgentModel
  readonly smallModel: AgentModel
  readonly key: AgentKey
  /** What the agent's own command printed (see `Agent.question`); undefined = it was not asked, or did not answer. */
  readonly answer: string | undefined
}

/** One step of a place in a file: a key, or the item of a list in which `field` is `value`, and that of `beside` too. */
export type PlaceStep =
  | string
  | {
      readonly field: string
      readonly value: string
      readonly beside?: { readonly field: string; readonly value: string }
    }

/** A value of ours at its place. Everything at or below the place is ours, nothing beside it. */
export interface Setting {
  readonly path: readonly PlaceStep[]
  /** Absent = what stands there goes. */
  readonly value?: JsonValue
}

export type FormatName = 'jsonc' | 'yaml' | 'toml' | 'dotenv'

/** A change of one file: settings in a file of the user's, or a file that is all ours. */
export type FileChange =
  | {
      readonly kind: 'edit'
      readonly path: string
      readonly format: FormatName
      readonly settings: readonly Setting[]
      /** It holds a key: 0600 from now on. */
      readonly secret?: boolean
    }
  | { readonly kind: 'own'; readonly path: string; readonly content: string; readonly secret?: boolean }

export interface AgentPlan {
  readonly changes: readonly FileChange[]
  /** What is left for a hand, and what a reader should know: sentences. */
  readonly notes: readonly string[]
  /** Text to copy, where an agent is configured by something that no file of ours should hold. */
  readonly snippet?: string
}

/** Texts by absolute path; a file that is not there is not in it. */
export type CurrentFiles = ReadonlyMap<string, string>

/** One coding agent, as far as exports know it. Pure. */
export interface Agent {
  /** As in `signalbox export <id>`. */
  readonly id: string
  readonly name: string
  /** An agent that must be connected before: it is exported with this one. */
  readonly after?: string
  /** Absent = an agent that is connected by its files. */
  readonly kind?: AgentView['kind']
  /** It gets no key of its own. */
  readonly isKeyless?: boolean
  /** Files and folders that only an installed agent has, and its commands (names without a slash). */
  readonly signs: (place: AgentPlace) => readonly string[]
  /** Files whose content the plan depends on or changes. */
  readonly files: (place: AgentPlace) => readonly string[]
  /** A command of the agent itself whose output the plan is made with, where it is installed. It must change nothing. */
  readonly question?: readonly string[]
  readonly plan: (current: CurrentFiles, facts: ExportFacts) => AgentPlan
}

/** The provider's id in the files of agents. */
export const ourId = 'signalbox'

/** What people see as the provider's name. */
export const ourName = 'Signalbox'
