import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** True where network namespaces can be made: Linux, root, `ip`. */
export function canMakeNamespaces(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const probe = `sbprobe${process.pid}`
  try {
    ip('netns', 'add', probe)
    ip('netns', 'del', probe)
    return true
  } catch {
    return false
  }
}

/**
 * Three namespaces in a row, joined by veth pairs: the client, a router, a server. Nothing of it touches the machine's own
 * network.
 *
 *     client 10.77.1.2 ── 10.77.1.1 router 10.77.2.1 ── 10.77.2.2 server
 */
export interface Namespaces {
  readonly client: string
  readonly router: string
  readonly server: string
  /** Runs `ip` in one of them. */
  ip(namespace: string, ...args: string[]): void
  /** Writes a setting of `/proc/sys` in one of them. */
  sysctl(namespace: string, key: string, value: string): void
  /** TCP sockets towards an address, in any state but closed ones that wait for late packets. */
  sockets(namespace: string, address: string): number
  /** Starts a script of this project in one of them and waits for its first line. */
  start(namespace: string, script: string, ...args: string[]): Promise<NamespaceProcess>
  remove(): Promise<void>
}

export interface NamespaceProcess {
  readonly firstLine: string
  readonly child: ChildProcess
  stop(): Promise<void>
}

export const serverAddress = '10.77.2.2'

export function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

let made = 0

export function createNamespaces(): Namespaces {
  made += 1
  const names = ['c', 'r', 's'].map((letter) => `sb${process.pid}${letter}${made}`)
  const [client = '', router = '', server = ''] = names
  const running = new Set<NamespaceProcess>()
  const inside = (namespace: string, ...args: string[]): void => ip('-n', namespace, ...args)
  const sysctl = (namespace: string, key: string, value: string): void =>
    ip('netns', 'exec', namespace, 'sh', '-c', `echo ${value} > /proc/sys/${key}`)
  for (const name of names) {
    ip('netns', 'add', name)
    inside(name, 'link', 'set', 'lo', 'up')
  }
  join2(client, 'up0', '10.77.1.2/24', router, 'down0', '10.77.1.1/24')
  join2(router, 'up0', '10.77.2.1/24', server, 'down0', '10.77.2.2/24')
  inside(client, 'route', 'add', '10.77.2.0/24', 'via', '10.77.1.1')
  inside(server, 'route', 'add', 'default', 'via', '10.77.2.1')
  sysctl(router, 'net/ipv4/ip_forward', '1')
  // Else every third ICMP error comes seconds late.
  sysctl(router, 'net/ipv4/icmp_ratelimit', '0')
  return {
    client,
    router,
    server,
    ip: inside,
    sysctl,
    sockets(namespace, address) {
      const table = execFileSync('ip', ['netns', 'exec', namespace, 'cat', '/proc/net/tcp'], { encoding: 'utf8' })
      const remote = address
        .split('.')
        .toReversed()
        .map((part) => Number(part).toString(16).padStart(2, '0'))
      const pattern = new RegExp(`^\\s*\\d+: \\S+ ${remote.join('')}:\\S+ (?!06)`, 'gim')
      return table.match(pattern)?.length ?? 0
    },
    async start(namespace, script, ...args) {
      const started = await startInside(namespace, script, args, (stopped) => running.delete(stopped))
      running.add(started)
      return started
    },
    async remove() {
      await Promise.all([...running].map((each) => each.stop()))
      for (const name of names) ip('netns', 'del', name)
    },
  }
}

function join2(near: string, nearName: string, nearAddress: string, far: string, farName: string, farAddress: string) {
  ip('-n', near, 'link', 'add', nearName, 'type', 'veth', 'peer', 'name', farName, 'netns', far)
  for (const [space, name, address] of [
    [near, nearName, nearAddress],
    [far, farName, farAddress],
  ] as const) {
    ip('-n', space, 'address', 'add', address, 'dev', name)
    ip('-n', space, 'link', 'set', name, 'up')
  }
}

async function startInside(
  namespace: string,
  script: string,
  args: readonly string[],
  onStop: (stopped: NamespaceProcess) => void,
): Promise<NamespaceProcess> {
  const file = join(import.meta.dirname, script)
  const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${script} ended with code ${String(code)} before it was ready`)
    }),
  ])) as [Buffer]
  const self: NamespaceProcess = {
    firstLine: line.toString().trim(),
    child,
    async stop() {
      onStop(self)
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
  return self
}
