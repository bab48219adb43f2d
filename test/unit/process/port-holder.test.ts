import { createServer, type AddressInfo } from 'node:net'
import { assert, nat, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextFreePort } from '../../../gateway/process/free-port.ts'
import { findPortHolder, portTakenSentence } from '../../../gateway/process/port-holder.ts'
import {
  listeningInodes,
  nameProcess,
  readLsof,
  readNetstat,
  readTasklist,
} from '../../../gateway/process/port-holder-parsers.ts'

// The form of proc_net_tcp(5); 4000 is 0FA0.
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 912345 1 0000000000000000 100 0 0 10 0
   1: 0100007F:0FA0 0100007F:C3E2 01 00000000:00000000 00:00000000 00000000  1000        0 912399 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 555 1 0000000000000000 100 0 0 10 0
`

describe('who holds a port, from what the system says', () => {
  it('reads /proc/net/tcp: only sockets that listen on that port', () => {
    expect(listeningInodes(table, 4000)).toEqual(['912345'])
    expect(listeningInodes(table, 22)).toEqual(['555'])
    expect(listeningInodes(table, 80)).toEqual([])
  })

  it('reads /proc/net/tcp6', () => {
    const line =
      '   0: 00000000000000000000000000000000:0FA0 00000000000000000000000000000000:0000 0A 0:0 00:0 0 1000 0 77 1'
    expect(listeningInodes(`header\n${line}\n`, 4000)).toEqual(['77'])
  })

  it.each([
    ['nginx\n', 'nginx: master process\0', 'nginx'],
    ['litellm\n', '/usr/bin/python3\0/usr/local/bin/litellm\0--port\x004000\0', 'litellm'],
    ['MainThread\n', '/usr/bin/node\0main/start.ts\0', 'node start.ts'],
    ['node\n', '/opt/node/bin/node\0--enable-source-maps\0/srv/app/server.js\0--token\0sk-1\0', 'node server.js'],
    ['python3\n', 'python3\0-m\0http.server\x004000\0', 'python3 http.server'],
    ['node\n', 'node\0-e\0listen("sk-secret")\0', 'node'],
    ['MainThread\n', 'npm start \0', 'npm'],
    ['MainThread\n', '', 'MainThread'],
  ])('names a Linux process by what a person started: %j', (comm, commandLine, name) => {
    expect(nameProcess(comm, commandLine)).toBe(name)
  })

  it('reads lsof', () => {
    expect(readLsof('p2210\ncnode\nf21\n')).toEqual({ pid: 2210, name: 'node' })
    expect(readLsof('')).toBeUndefined()
  })

  it('reads netstat in any language of Windows', () => {
    const output =
      '\r\n  Proto  Lokale Adresse  Remoteadresse  Status  PID\r\n  TCP    127.0.0.1:4000   0.0.0.0:0   ABHÖREN   2210\r\n  TCP    127.0.0.1:4001   1.2.3.4:443   HERGESTELLT  9\r\n'
    expect(readNetstat(output, 4000)).toBe(2210)
    expect(readNetstat(output, 4001)).toBeUndefined()
    expect(readNetstat(output, 400)).toBeUndefined()
  })

  it('reads tasklist', () => {
    expect(readTasklist('"node.exe","2210","Console","1","50,000 K"\r\n')).toBe('node.exe')
    expect(readTasklist('INFO: No tasks are running which match the specified criteria.')).toBeUndefined()
  })

  it('never fails on anything else', () => {
    assert(
      property(string(), nat(65_535), (text, port) => {
        expect(Array.isArray(listeningInodes(text, port))).toBe(true)
        readLsof(text)
        readNetstat(text, port)
        readTasklist(text)
      }),
    )
  })
})

describe('who holds a port on this machine', () => {
  it.runIf(process.platform === 'linux')('finds this very process', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const holder = await findPortHolder((server.address() as AddressInfo).port)
    server.close()
    expect(holder?.pid).toBe(process.pid)
  })

  it('offers the next port that is free, and none where the host is not ours', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect(await nextFreePort('127.0.0.1', port - 1)).toBeGreaterThan(port)
    expect(await nextFreePort('192.0.2.1', port)).toBeUndefined()
    expect(await nextFreePort('127.0.0.1', 65_535)).toBeUndefined()
    server.close()
  })

  it('says it in a sentence with what to do', () => {
    const sentence = portTakenSentence(4000, { pid: 2210, name: 'node' }, true)
    expect(sentence).toMatch(/^Port 4000 is held by node \(process 2210\), which is a Signalbox gateway\. .*--port/)
    expect(portTakenSentence(4000, undefined, false, 4002)).toMatch(/--port.* 4002 is free\.$/)
    expect(portTakenSentence(4000, undefined, false)).toMatch(/^Port 4000 is held by another program\. /)
  })
})
