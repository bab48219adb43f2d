import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import type { AgentPlace } from './agent.ts'

/** Variables that agents let their files be moved with. */
const movers = ['CODEX_HOME', 'CLAUDE_CONFIG_DIR', 'CONTINUE_GLOBAL_DIR', 'CRUSH_GLOBAL_CONFIG', 'APPDATA'] as const

/**
 * Where the agents of a user have their files. With a home of its own (`--home`) nothing of this environment counts: the
 * files are another user's, or another machine's.
 */
export function agentPlace(
  environment: Readonly<Record<string, string | undefined>>,
  home: string | undefined,
  platform: NodeJS.Platform = process.platform,
): AgentPlace {
  if (home !== undefined) {
    const there = resolve(home)
    return { home: there, configHome: join(there, '.config'), platform, environment: {} }
  }
  const own = nonBlank(environment['HOME']) ?? homedir()
  const xdg = nonBlank(environment['XDG_CONFIG_HOME'])
  const moved = Object.fromEntries(movers.map((name) => [name, nonBlank(environment[name])]))
  return {
    home: own,
    configHome: xdg !== undefined && isAbsolute(xdg) ? xdg : join(own, '.config'),
    platform,
    environment: moved,
  }
}

function nonBlank(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text
}
