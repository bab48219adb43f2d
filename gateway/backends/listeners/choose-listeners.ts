import { vendorCards } from '../identify/identify.ts'
import type { Listener, ListenerProcess } from './listener.ts'

export interface ListenerChoice {
  /** Ports that are asked whoever holds them. */
  readonly knownPorts: ReadonlySet<number>
  /** Our own: never asked. */
  readonly ownPid: number
  readonly ownPorts: ReadonlySet<number>
  /** True: no port but the known ones, whoever holds it. */
  readonly onlyKnown: boolean
}

/**
 * Which listeners may be a server of models and are asked once: those on known ports, those whose process has the name of
 * such a server, and programs that commonly hold the port for another one (interpreters, containers, SSH tunnels). Everything
 * else on the machine is left alone, and so are the processes that a server of models has started for itself. Pure.
 */
export function worthAsking(
  listeners: readonly Listener[],
  processes: ReadonlyMap<string, ListenerProcess>,
  choice: ListenerChoice,
): Listener[] {
  const servers = new Set([...processes.values()].filter(({ name }) => vendorOfProcess(name)).map(({ pid }) => pid))
  return listeners.filter((listener) => {
    const process = processes.get(listener.id)
    if (choice.ownPorts.has(listener.port) || process?.pid === choice.ownPid) return false
    if (process?.ancestors.some((ancestor) => servers.has(ancestor)) === true) return false
    if (choice.knownPorts.has(listener.port) || choice.onlyKnown) return choice.knownPorts.has(listener.port)
    return process !== undefined && (vendorOfProcess(process.name) || holders.test(process.name))
  })
}

function vendorOfProcess(name: string): boolean {
  return vendorCards.some(({ processes }) => processes.test(name))
}

/** Programs that hold a port for something else. */
const holders =
  /^(?:python[\d.]*|uvicorn|gunicorn|node|bun|deno|java|llama_cpp|ssh|autossh|docker-proxy|com\.docker\.backend|rootlessport|pasta|slirp4netns|wslrelay|kubectl)(?:\.exe)?$/i
