import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type GatewayFile, gatewayFileName } from '../../../gateway/contract/gateway-file.ts'
import type { GatewayProcessMessage } from '../../../gateway/contract/process-messages.ts'
import {
  createGatewayFolder,
  type GatewayFolder,
  type GatewayProcess,
  type GatewayProcessOptions,
  runGatewayToItsEnd,
  startGatewayProcess,
} from '../../doubles/gateway-process.ts'

const noKeychain = { SIGNALBOX_KEYCHAIN: '0' }
const opened: { remove(): unknown }[] = []
afterEach(async () => {
  for (const part of opened.splice(0).toReversed()) await part.remove()
})

async function start(
  folder: GatewayFolder,
  flags: string[] = [],
  from: Pick<GatewayProcessOptions, 'entry'> = {},
): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess({ folder, flags, environment: noKeychain, ...from })
  opened.push(gateway)
  return gateway
}

function newFolder(config = 'model_list: []\n'): GatewayFolder {
  const folder = createGatewayFolder({ config })
  opened.push(folder)
  return folder
}

function gatewayFile(folder: GatewayFolder): GatewayFile {
  return JSON.parse(readFileSync(join(folder.dataDir, gatewayFileName), 'utf8')) as GatewayFile
}

describe('the gateway as a process', () => {
  it('prints the contract lines, writes gateway.json, and takes it away on SIGTERM with exit code 0', async () => {
    const folder = newFolder()
    const gateway = await start(folder, ['--num_workers', '4'], { entry: 'gateway/process.ts' })
    const output = gateway.output()
    expect(output).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+$/m)
    expect(output).toContain('keys show --data-dir')
    expect(output).toMatch(/--num_workers.*ignored/)
    expect(gatewayFile(folder)).toMatchObject({ pid: gateway.pid, url: gateway.url })
    expect(output).not.toContain(gatewayFile(folder).controlToken)
    if (process.platform !== 'win32') {
      expect(statSync(join(folder.dataDir, gatewayFileName)).mode & 0o777).toBe(0o600)
      expect(statSync(folder.dataDir).mode & 0o777).toBe(0o700)
    }
    expect(await gateway.kill('SIGTERM')).toMatchObject({ code: 0, signal: null })
    expect(existsSync(join(folder.dataDir, gatewayFileName))).toBe(false)
  })

  it('refuses a second copy on the same data, which leaves the first alone', async () => {
    const folder = newFolder()
    const gateway = await start(folder)
    const second = await runGatewayToItsEnd({ folder, environment: noKeychain })
    expect(second.code).toBe(1)
    expect(second.output).toContain(`process ${gateway.pid}, at ${gateway.url}`)
    expect(gatewayFile(folder).pid).toBe(gateway.pid)
    expect((await gateway.request('/v1/models')).status).toBe(200)
  })

  it('takes over what a killed gateway left', async () => {
    const folder = newFolder()
    const first = await start(folder)
    await first.kill('SIGKILL')
    expect(gatewayFile(folder).pid).toBe(first.pid)
    const second = await start(folder)
    expect(gatewayFile(folder)).toMatchObject({ pid: second.pid, url: second.url })
  })

  it('takes over a file whose process id now belongs to another program', async () => {
    const folder = newFolder()
    mkdirSync(folder.dataDir, { recursive: true })
    const old = { pid: process.pid, url: 'http://127.0.0.1:9', controlToken: 'x', version: '0', startedAt: Date.now() }
    writeFileSync(join(folder.dataDir, gatewayFileName), JSON.stringify(old))
    const gateway = await start(folder)
    expect(gatewayFile(folder).pid).toBe(gateway.pid)
  })

  it('ends with 2 for a config with errors and leaves no gateway.json', async () => {
    const folder = newFolder('model_list: 7\n')
    const exit = await runGatewayToItsEnd({ folder, environment: noKeychain })
    expect(exit.code).toBe(2)
    expect(exit.output).toContain('config.yaml:1')
    expect(existsSync(join(folder.dataDir, gatewayFileName))).toBe(false)
  })

  it('ends with 2 for a flag it does not know, and names the nearest', async () => {
    const exit = await runGatewayToItsEnd({ folder: newFolder(), flags: ['--data-dri', 'x'] })
    expect(exit).toMatchObject({ code: 2, output: expect.stringContaining('--data-dir is') })
  })

  it('ends with 2 when the named config has gone from data that was in use', async () => {
    const folder = newFolder()
    await (await start(folder)).kill('SIGTERM')
    const exit = await runGatewayToItsEnd({ folder: { ...folder, configPath: join(folder.path, 'gone.yaml') } })
    expect(exit).toMatchObject({ code: 2, output: expect.stringContaining('gone.yaml') })
    expect(existsSync(join(folder.path, 'gone.yaml'))).toBe(false)
  })

  it.runIf(process.platform !== 'win32')('stops in order when the shell that npm runs it in is ended', async () => {
    const folder = newFolder()
    // As npm does it: a shell that stays, and gets the signal alone.
    const command = '"$0" gateway/process.ts --port 0 --config "$1" --data-dir "$2"; true'
    const shell = spawn('sh', ['-c', command, process.execPath, folder.configPath, folder.dataDir], {
      env: { PATH: process.env.PATH, HOME: folder.home, ...noKeychain, npm_lifecycle_event: 'gateway' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(shell.stdout, 'data')
    const { pid, url } = gatewayFile(folder)
    expect(pid).not.toBe(shell.pid)
    shell.kill('SIGTERM')
    // The gateway holds the other end of the pipe: it closes when the process is gone.
    await once(shell, 'close')
    expect(existsSync(join(folder.dataDir, gatewayFileName))).toBe(false)
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  it('ends at the second signal without waiting for those it serves', async () => {
    const folder = newFolder()
    const gateway = await start(folder)
    const { port } = new URL(gateway.url)
    // A request that never ends: its body does not come.
    const client = connect(Number(port), '127.0.0.1')
    client.on('error', () => undefined)
    await once(client, 'connect')
    client.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${gateway.masterKey}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
    )
    process.kill(gateway.pid, 'SIGTERM')
    const exit = await gateway.kill('SIGINT')
    client.destroy()
    expect(exit).toMatchObject({ code: 1, signal: null })
    expect(existsSync(join(folder.dataDir, gatewayFileName))).toBe(false)
  })
})

/** The gateway forked with a channel, as Electron's main process or a supervisor does it. */
function forkGateway(folder: GatewayFolder, environment: Record<string, string> = {}): ChildProcess {
  const entry = join(import.meta.dirname, '..', '..', '..', 'gateway', 'process.ts')
  const flags = ['--config', folder.configPath, '--data-dir', folder.dataDir, '--port', '0']
  const child = fork(entry, flags, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder.home,
      SIGNALBOX_KEYCHAIN: '0',
      SIGNALBOX_DISCOVER: '0',
      ...environment,
    },
  })
  opened.push({ remove: () => child.kill('SIGKILL') })
  return child
}

async function nextMessage(child: ChildProcess): Promise<GatewayProcessMessage> {
  const [message] = (await once(child, 'message')) as [GatewayProcessMessage]
  return message
}

describe('the gateway as a child', () => {
  it('tells its parent where it listens, stops when told to, and prints no one-time code', async () => {
    const folder = newFolder()
    const child = forkGateway(folder)
    let printed = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
    const message = await nextMessage(child)
    expect(message).toMatchObject({ type: 'listening', url: gatewayFile(folder).url })
    const exited = once(child, 'exit')
    const stopped = nextMessage(child)
    child.send({ type: 'unknown' })
    child.send({ type: 'stop', graceMs: 0 })
    expect(await stopped).toEqual({ type: 'stopped' })
    expect(await exited).toEqual([0, null])
    expect(printed).toMatch(/^listening on/)
    expect(printed).not.toContain('#code')
  })

  it('tells its parent why it failed', async () => {
    const child = forkGateway(newFolder('model_list: 7\n'))
    const exited = once(child, 'exit')
    expect(await nextMessage(child)).toMatchObject({
      type: 'failed',
      exitCode: 2,
      message: expect.stringContaining('model_list'),
    })
    expect(await exited).toEqual([2, null])
  })

  it('ends when its parent is gone', async () => {
    const child = forkGateway(newFolder())
    await nextMessage(child)
    const exited = once(child, 'exit')
    child.disconnect()
    expect(await exited).toEqual([0, null])
  })
})
