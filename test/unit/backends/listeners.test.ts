import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type ListenerChoice, worthAsking } from '../../../gateway/backends/listeners/choose-listeners.ts'
import { createMacListeners, createWindowsListeners } from '../../../gateway/backends/listeners/command-listeners.ts'
import { createLinuxListeners } from '../../../gateway/backends/listeners/linux-listeners.ts'
import { onePerPort } from '../../../gateway/backends/listeners/listener.ts'
import { readLsof } from '../../../gateway/backends/listeners/lsof.ts'
import { readNetstat } from '../../../gateway/backends/listeners/netstat.ts'
import { processName, readParent, readSocketTable } from '../../../gateway/backends/listeners/proc-net.ts'

/** Recorded on Linux 6.18, shortened. */
const procNetTcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1061 1 0000000038d95442 100 0 0 10 0
   1: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 102503 1 000000009a804f52 100 0 0 10 0
   2: 0201A8C0:90A1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 102439 1 000000000715a9d5 100 0 0 10 0
   3: 0100007F:A5C1 0100007F:9C3E 06 00000000:00000000 03:00001594 00000000     0        0 0 3 00000000046d04b5
`

/** Constructed from proc_net_tcp(5): `[::]`, `[::1]`, an IPv4 address inside IPv6, and a link-local one. */
const procNetTcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 501 1 0
   1: 00000000000000000000000001000000:04D2 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 502 1 0
   2: 0000000000000000FFFF00000100007F:1389 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 503 1 0
   3: 000080FE00000000FF005450B4A6D0FE:1388 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 504 1 0
`

describe('the socket table of Linux', () => {
  it('tells who listens where loopback reaches it', () => {
    expect(readSocketTable(procNetTcp)).toEqual([
      { port: 2024, host: '127.0.0.1', id: 'inode:1061' },
      { port: 11_434, host: '127.0.0.1', id: 'inode:102503' },
    ])
    expect(readSocketTable(procNetTcp6)).toEqual([
      { port: 8080, host: '127.0.0.1', id: 'inode:501' },
      { port: 1234, host: '[::1]', id: 'inode:502' },
      { port: 5001, host: '127.0.0.1', id: 'inode:503' },
    ])
  })

  it('is read whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const { port } of readSocketTable(`head\n${text}`)) expect(port).toBeGreaterThan(0)
      }),
    )
  })

  it('names processes as people do', () => {
    expect(processName('ollama\n', '/usr/local/bin/ollama\0serve\0')).toBe('ollama')
    expect(processName('python3', '/usr/bin/python3\0-m\0vllm.entrypoints.openai.api_server\0')).toBe('vllm')
    expect(processName('python3', '/venv/bin/python3.12\0/opt/koboldcpp.py\0--port\0')).toBe('koboldcpp')
    expect(processName('node', '/usr/bin/node\0/home/me/server.js\0')).toBe('node')
    expect(readParent('4711 (a (strange) name) S 1234 4711 4711 0 -1')).toBe(1234)
    expect(readParent('nonsense')).toBeUndefined()
  })
})

describe('the reading of the socket table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-proc-'))
  mkdirSync(join(folder, 'net'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const line = (port: number, state: string, inode: number): string =>
    `   0: 0100007F:${port.toString(16).padStart(4, '0').toUpperCase()} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`
  const heading = procNetTcp.slice(0, procNetTcp.indexOf('\n') + 1)
  const list = () => createLinuxListeners(folder).list()

  it('takes all that listen, over several pages, and stops at the connections', async () => {
    const ports = Array.from({ length: 100 }, (_, index) => 20_000 + index)
    const connections = line(1, '01', 900_000).repeat(5_000)
    const listeners = ports.map((port) => line(port, '0A', port)).join('')
    // One that would listen behind the connections is never reached: the kernel writes none there.
    writeFileSync(join(folder, 'net', 'tcp'), heading + listeners + connections + line(9, '0A', 9))
    expect((await list()).map(({ port }) => port)).toEqual(ports)
  })

  it('gives nothing where there is no table', async () => {
    rmSync(join(folder, 'net', 'tcp'))
    expect(await list()).toEqual([])
  })
})

describe('lsof of macOS', () => {
  const text = `p501
R1
collama
f3
n127.0.0.1:11434
p777
R501
collama_llama_server
f9
n127.0.0.1:53011
p888
R1
cLM Studio
f24
n*:1234
n[::1]:41343
n192.168.1.5:9000
`

  it('gives sockets and their processes', async () => {
    const { listeners, processes } = readLsof(text)
    expect(listeners.map(({ port, host }) => [port, host])).toEqual([
      [11_434, '127.0.0.1'],
      [53_011, '127.0.0.1'],
      [1234, '127.0.0.1'],
      [41_343, '[::1]'],
    ])
    expect(processes.get('777:53011')).toEqual({ pid: 777, name: 'ollama_llama_server', ancestors: [501] })
    const asked: string[] = []
    const source = createMacListeners(async (program, args) => {
      asked.push([program, ...args].join(' '))
      return text
    })
    expect(await source.list()).toHaveLength(4)
    expect(asked).toEqual(['lsof -nP -iTCP -sTCP:LISTEN -F pRcn'])
  })
})

describe('netstat of Windows', () => {
  const sockets = `
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    0.0.0.0:8080           0.0.0.0:0              ABHÖREN         4000
  TCP    127.0.0.1:11434        0.0.0.0:0              ABHÖREN         4321
  TCP    127.0.0.1:50000        127.0.0.1:11434        HERGESTELLT     5000
  TCP    [::1]:1234             [::]:0                 ABHÖREN         4322
  TCP    192.168.1.5:139        0.0.0.0:0              ABHÖREN         4
`
  const tasks = `"System","4","Services","0","144 K"\r\n"ollama.exe","4321","Console","1","80,000 K"\r\n`

  it('is read in any language', async () => {
    const { listeners, processes } = readNetstat(sockets, tasks)
    expect(listeners.map(({ port, host }) => [port, host])).toEqual([
      [8080, '127.0.0.1'],
      [11_434, '127.0.0.1'],
      [1234, '[::1]'],
    ])
    expect(processes.get('4321:11434')?.name).toBe('ollama')
    const source = createWindowsListeners(async (program) => (program === 'netstat' ? sockets : tasks))
    expect(await source.list()).toHaveLength(3)
  })
})

describe('who is asked', () => {
  const choice: ListenerChoice = {
    knownPorts: new Set([11_434, 8080]),
    ownPid: 1,
    ownPorts: new Set([4000]),
    onlyKnown: false,
  }
  const listener = (port: number) => ({ port, host: '127.0.0.1', id: `i${port}` })
  const process = (port: number, name: string, pid = port, ancestors: number[] = []) =>
    [`i${port}`, { pid, name, ancestors }] as const

  it('is who holds a known port, has the name of a server of models, or holds a port for another', () => {
    const all = [11_434, 4000, 9001, 9002, 9003, 9004, 9005].map(listener)
    const processes = new Map([
      process(11_434, 'ollama', 50),
      process(4000, 'node', 1),
      process(9001, 'postgres'),
      process(9002, 'python3.12'),
      process(9003, 'ssh'),
      process(9004, 'llama-server', 60, [50]),
      process(9005, 'node', 1),
    ])
    expect(worthAsking(all, processes, choice).map(({ port }) => port)).toEqual([11_434, 9002, 9003])
  })

  it('is nobody else where the ports are given, and a server on two addresses is one', () => {
    const all = [11_434, 9002].map(listener)
    const processes = new Map([process(9002, 'vllm')])
    expect(worthAsking(all, processes, { ...choice, onlyKnown: true }).map(({ port }) => port)).toEqual([11_434])
    expect(
      onePerPort([
        { port: 1, host: '[::1]', id: 'a' },
        { port: 1, host: '127.0.0.1', id: 'b' },
      ]),
    ).toEqual([{ port: 1, host: '127.0.0.1', id: 'b' }])
  })
})
