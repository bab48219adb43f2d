import { CommandFailure } from './command-failure.ts'

/** Commands that the contract names and this version does not have yet: each says what to do meanwhile. */
export const laterCommands = {
  export:
    'Configuring agents is not in this version. Give the agent the base URL http://127.0.0.1:4000/v1 and the key of `keys show`.',
} as const

/** @throws CommandFailure always */
export function refuseLaterCommand(name: keyof typeof laterCommands): never {
  throw new CommandFailure(laterCommands[name])
}
