import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { type InterfaceKind, interfaceKind } from './interface-kind.ts'

/** One interface of this machine with an address. */
export interface LocalInterface {
  readonly name: string
  readonly kind: InterfaceKind
  /** The tunnel's make; undefined = none. */
  readonly tunnel: string | undefined
  readonly addresses: readonly string[]
  /** As above, with prefix lengths: `10.8.0.2/24`. */
  readonly subnets: readonly string[]
  /** False when nobody is at its other end; undefined = not known. */
  readonly carrier: boolean | undefined
}

/** Asks what interfaces there are. Never rejects. */
export interface InterfaceSource {
  list(): Promise<readonly LocalInterface[]>
  /** One that is not listed because nobody is at its other end, by name. */
  named(name: string): Promise<LocalInterface | undefined>
}

interface Listed {
  readonly address: string
  readonly cidr: string | null
}

/** @param list as `os.networkInterfaces` @param root where `/sys/class/net` is; undefined = this system has none */
export function createInterfaceSource(
  list: () => Readonly<Record<string, readonly Listed[] | undefined>> = networkInterfaces,
  root: string | undefined = process.platform === 'linux' ? '/sys/class/net' : undefined,
): InterfaceSource {
  const describe = async (name: string, listed: readonly Listed[]): Promise<LocalInterface> => {
    const facts = root === undefined ? undefined : await readFacts(root, name)
    const addresses = listed.map(({ address }) => address)
    return {
      name,
      ...interfaceKind({
        name,
        addresses,
        ...(facts?.deviceType === undefined ? {} : { deviceType: facts.deviceType }),
        ...(facts?.hardwareType === undefined ? {} : { hardwareType: facts.hardwareType }),
      }),
      addresses,
      subnets: listed.flatMap(({ cidr }) => (cidr === null ? [] : [cidr])),
      carrier: facts?.carrier,
    }
  }
  return {
    list: async () => Promise.all(Object.entries(list()).map(([name, listed]) => describe(name, listed ?? []))),
    async named(name) {
      if (root === undefined || !/^[\w.@:-]+$/.test(name)) return undefined
      const facts = await readFacts(root, name)
      return facts.hardwareType === undefined ? undefined : describe(name, [])
    },
  }
}

interface SystemFacts {
  readonly deviceType: string | undefined
  readonly hardwareType: number | undefined
  readonly carrier: boolean | undefined
}

/** `/sys/class/net/<name>` (sysfs-class-net): world-readable. An interface that is down has no readable `carrier`. */
async function readFacts(root: string, name: string): Promise<SystemFacts> {
  const read = (file: string): Promise<string> => readFile(join(root, name, file), 'utf8').catch(() => '')
  const [uevent, type, carrier] = await Promise.all([read('uevent'), read('type'), read('carrier')])
  const hardware = Number.parseInt(type, 10)
  return {
    deviceType: /^DEVTYPE=(\w+)$/m.exec(uevent)?.[1],
    hardwareType: Number.isInteger(hardware) ? hardware : undefined,
    carrier: carrier.trim() === '' ? undefined : carrier.trim() === '1',
  }
}

/** Questions asked while one is under way share its answer: all hosts are looked at together. */
export function sharedInterfaces(source: InterfaceSource): InterfaceSource {
  let running: Promise<readonly LocalInterface[]> | undefined
  return {
    list() {
      running ??= source.list().finally(() => {
        running = undefined
      })
      return running
    },
    named: (name) => source.named(name),
  }
}
