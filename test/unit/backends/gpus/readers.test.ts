import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { readAccelerators } from '../../../../gateway/backends/gpus/apple-reader.ts'
import { readDrmClient, readDrmProcesses } from '../../../../gateway/backends/gpus/drm-clients.ts'
import { createDrmReader } from '../../../../gateway/backends/gpus/drm-reader.ts'
import { createNvidiaReader } from '../../../../gateway/backends/gpus/nvidia-reader.ts'
import {
  nvidiaProblem,
  readMigInstances,
  readNvidiaLine,
  readNvidiaProcesses,
} from '../../../../gateway/backends/gpus/nvidia-output.ts'
import { lineageOf, ownerOf, withDescendants } from '../../../../gateway/backends/gpus/processes.ts'
import type { StartTool } from '../../../../gateway/backends/gpus/run-tool.ts'
import { readWindowsGpus } from '../../../../gateway/backends/gpus/windows-reader.ts'

/* Outputs in the shapes of nvidia-smi's manual and of public reports (all-smi#80, gpustat#179, stats#1094); numbers are made up. */

const gib = 1024 ** 3
const mib = 1024 ** 2
const system = { totalBytes: 128 * gib, usedBytes: 40 * gib }
const line = (cells: string): string => cells

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-gpu-'))
  folders.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

describe('nvidia-smi', () => {
  it('a card at work', () => {
    expect(
      readNvidiaLine(
        line(
          '0, GPU-11111111-aaaa, NVIDIA GeForce RTX 4090, 00000000:01:00.0, 570.86.10, 24564, 18012, 97, 71, 388.12, [N/A]',
        ),
        system,
      ),
    ).toMatchObject({
      name: 'NVIDIA GeForce RTX 4090',
      driver: '570.86.10',
      unified: false,
      memoryTotalBytes: 24_564 * mib,
      memoryUsedBytes: 18_012 * mib,
      memoryOf: 'gpu',
      utilization: 97,
      temperature: 71,
      powerWatts: 388.12,
      instances: [],
    })
  })

  it('0 % and 0 MiB are numbers', () => {
    const gpu = readNvidiaLine(line('1, GPU-2, NVIDIA T4, 00000000:02:00.0, 550.1, 15360, 0, 0, 30, 9.5, N/A'), system)
    expect([gpu?.utilization, gpu?.memoryUsedBytes]).toEqual([0, 0])
  })

  it('what is not told is unknown and never a number', () => {
    const gpu = readNvidiaLine(
      line(
        '0, GPU-3, NVIDIA Quadro K600, 00000000:03:00.0, 470.1, [N/A], [N/A], [Not Supported], [Unknown Error], [N/A], [N/A]',
      ),
      system,
    )
    expect(gpu).toMatchObject({ unified: false, memoryOf: undefined })
    for (const value of [
      gpu?.memoryTotalBytes,
      gpu?.memoryUsedBytes,
      gpu?.utilization,
      gpu?.temperature,
      gpu?.powerWatts,
    ])
      expect(value).toBeUndefined()
  })

  it('GB10 has the memory of the machine, and that is said', () => {
    const gpu = readNvidiaLine(
      line('0, GPU-4, NVIDIA GB10, 0000000F:01:00.0, 580.95.05, [N/A], [N/A], 3, 42, 11.2, [N/A]'),
      system,
    )
    expect(gpu).toMatchObject({
      unified: true,
      memoryOf: 'system',
      memoryTotalBytes: system.totalBytes,
      memoryUsedBytes: system.usedBytes,
      utilization: 3,
    })
  })

  it('MIG: the load of the whole is unknown, its instances are listed', () => {
    const gpu = readNvidiaLine(
      line('0, GPU-5, NVIDIA H100 80GB HBM3, 00000000:18:00.0, 550.54.15, 81559, 1500, [N/A], 33, 120.0, Enabled'),
      system,
    )
    expect([gpu?.utilization, gpu?.instances]).toEqual([undefined, ['MIG']])
    const list = [
      'GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-5)',
      '  MIG 1g.10gb     Device  0: (UUID: MIG-aaa)',
      '  MIG 3g.40gb     Device  1: (UUID: MIG-bbb)',
      'GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-6)',
    ].join('\n')
    expect(readMigInstances(list)).toEqual(new Map([['GPU-5', ['1g.10gb', '3g.40gb']]]))
  })

  it('a name with a comma, and lines that are no rows', () => {
    expect(readNvidiaLine(line('0, GPU-7, Card, of a kind, 0:1, 1.0, 10, 5, 1, 2, 3, [N/A]'), system)?.name).toBe(
      'Card, of a kind',
    )
    for (const text of ['', 'NVIDIA-SMI has failed because', 'index, uuid', 'a,b,c,d,e,f,g,h,i,j,k'])
      expect(readNvidiaLine(text, system)).toBeUndefined()
    fc.assert(
      fc.property(fc.string(), (text) => {
        const gpu = readNvidiaLine(text, system)
        expect(gpu === undefined || gpu.id !== '').toBe(true)
      }),
    )
  })

  it('processes by GPU, without their arguments', () => {
    const text =
      'GPU-1, 4242, 17000, /usr/local/bin/ollama\nGPU-1, 77, [N/A], python3 serve.py --api-key secret\nNo running processes'
    expect(readNvidiaProcesses(text).get('GPU-1')).toEqual([
      { pid: 4242, name: 'ollama', memoryBytes: 17_000 * mib },
      { pid: 77, name: 'python3', memoryBytes: undefined },
    ])
  })

  it('no driver is a sentence', () => {
    const said =
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running."
    expect(nvidiaProblem(said)).toContain('driver does not run')
    expect(nvidiaProblem('garbage')).toBeUndefined()
  })
})

describe('the reader of nvidia-smi', () => {
  const reader = (command: string) => createNvidiaReader({ command, systemMemory: () => system, now: Date.now })
  function script(text: string): string {
    const path = join(tree({ 'nvidia-smi': `#!/bin/sh\n${text}\n` }), 'nvidia-smi')
    chmodSync(path, 0o755)
    return path
  }

  it.skipIf(process.platform === 'win32')('reads real rows of a real program and ends it', async () => {
    const row = '0, GPU-1, NVIDIA X, 0:1, 1.0, 1000, 10, 0, 30, 5, [N/A]'
    const other = '1, GPU-2, NVIDIA Y, with a comma, 0:2, 1.0, 1000, 10, 0, 30, 5, [N/A]'
    const fake = reader(
      script(
        `case "$*" in *compute-apps*) echo "GPU-1, 42, 7, ollama";; *) echo "${row}"; echo "${other}"; exec sleep 30;; esac`,
      ),
    )
    const { gpus, problem } = await fake.read()
    expect(gpus.map(({ name }) => name)).toEqual(['NVIDIA X', 'NVIDIA Y, with a comma'])
    expect([gpus[0]?.memoryTotalBytes, gpus[0]?.utilization, problem]).toEqual([1_000 * mib, 0, undefined])
    expect(gpus[0]?.processes).toEqual([{ pid: 42, name: 'ollama', memoryBytes: 7 * mib }])
    fake.rest()
  })

  it('says nothing where there is no such program', async () => {
    expect(await reader('/nowhere/nvidia-smi').read()).toEqual({ gpus: [], problem: undefined })
  })

  it.skipIf(process.platform === 'win32')(
    'tells of a driver that does not run, and leaves it alone for a while',
    async () => {
      const broken = reader(
        script(`echo "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."; exit 9`),
      )
      expect((await broken.read()).problem).toContain('driver does not run')
      expect((await broken.read()).problem).toContain('driver does not run')
    },
  )

  it('a tool that hangs is given up, stopped and not asked again at once', async () => {
    let started = 0
    let stopped = 0
    const start: StartTool = () => {
      started += 1
      return { stop: () => void (stopped += 1) }
    }
    const hanging = createNvidiaReader({ start, systemMemory: () => system, now: Date.now })
    expect((await hanging.read()).problem).toContain('does not answer')
    await hanging.read()
    expect([started, stopped]).toEqual([1, 1])
  })

  it('a tool that falls silent after it has answered is told of, and its last numbers are not', async () => {
    let now = 0
    const start: StartTool = (_command, _query, onLine) => {
      onLine('0, GPU-1, NVIDIA X, 0:1, 1.0, 1000, 10, 0, 30, 5, [N/A]')
      return { stop: () => undefined }
    }
    const run = () => Promise.resolve({ text: '', end: 'done' as const })
    const silent = createNvidiaReader({ start, run, systemMemory: () => system, now: () => now })
    expect((await silent.read()).gpus).toHaveLength(1)
    now += 10_000
    const later = await silent.read()
    expect([later.gpus, later.problem]).toEqual([[], expect.stringContaining('does not answer')])
  })
})

describe('AMD and Intel on Linux', () => {
  it('reads a card, an APU and a card that tells nothing', async () => {
    const root = tree({
      'card0/device/vendor': '0x1002\n',
      'card0/device/uevent': 'DRIVER=amdgpu\nPCI_SLOT_NAME=0000:03:00.0\n',
      'card0/device/product_name': 'AMD Radeon RX 7900 XTX\n',
      'card0/device/mem_info_vram_total': `${24 * gib}\n`,
      'card0/device/mem_info_vram_used': `${20 * gib}\n`,
      'card0/device/mem_info_gtt_total': `${16 * gib}\n`,
      'card0/device/gpu_busy_percent': '0\n',
      'card1/device/vendor': '0x1002\n',
      'card1/device/mem_info_vram_total': `${gib / 2}\n`,
      'card1/device/mem_info_vram_used': `${gib / 4}\n`,
      'card1/device/mem_info_gtt_total': `${96 * gib}\n`,
      'card1/device/mem_info_gtt_used': `${60 * gib}\n`,
      'card2/device/vendor': '0x8086\n',
      'card3/device/vendor': '0x10de\n',
      'card0-DP-1/status': 'connected\n',
    })
    symlinkSync('../../../bus/pci/drivers/amdgpu', join(root, 'card0/device/driver'))
    const { gpus } = await createDrmReader({ root }).read()
    expect(gpus).toHaveLength(3)
    expect(gpus[0]).toMatchObject({
      id: '0000:03:00.0',
      driver: 'amdgpu',
      unified: false,
      memoryTotalBytes: 24 * gib,
      utilization: 0,
    })
    expect(gpus[1]).toMatchObject({ unified: true, memoryTotalBytes: 96.5 * gib, memoryUsedBytes: 60.25 * gib })
    expect(gpus[2]).toMatchObject({ vendor: 'intel', memoryTotalBytes: undefined, utilization: undefined })
    expect(await createDrmReader({ root: join(root, 'nothing') }).read()).toEqual({ gpus: [], problem: undefined })
  })

  it('counts a client of a GPU once, however often it is open', async () => {
    const text = [
      'pos:\t0',
      'drm-driver:\txe',
      'drm-pdev:\t0000:03:00.0',
      'drm-client-id:\t7',
      'drm-resident-system:\t100 KiB',
      'drm-resident-vram0:\t2048 KiB',
    ].join('\n')
    expect(readDrmClient(text)).toEqual({ device: '0000:03:00.0', client: '7', memoryBytes: 2 * mib })
    expect(readDrmClient('pos:\t0\n')).toBeUndefined()
    const root = tree({ '42/fdinfo/3': text, '42/fdinfo/4': text, '42/fdinfo/5': 'pos:\t0\n', '42/comm': 'ollama\n' })
    expect((await readDrmProcesses([42, 43], root)).get('0000:03:00.0')).toEqual([
      { pid: 42, name: 'ollama', memoryBytes: 2 * mib },
    ])
  })
})

describe('Apple silicon', () => {
  it('one pool of memory, load and use as ioreg tells them', () => {
    const text = `+-o AGXAcceleratorG15X  <class AGXAcceleratorG15X, id 0x1>
    {
      "model" = "Apple M3 Max"
      "gpu-core-count" = 40
      "PerformanceStatistics" = {"In use system memory"=2147483648,"Alloc system memory"=9,"Device Utilization %"=0,"Renderer Utilization %"=3}
    }
`
    const [gpu] = readAccelerators(text, 64 * gib, '0\n')
    expect(gpu).toMatchObject({
      name: 'Apple M3 Max (40 cores)',
      unified: true,
      memoryTotalBytes: 64 * gib,
      memoryUsedBytes: 2 * gib,
      utilization: 0,
    })
    expect(readAccelerators(text, 64 * gib, '57344\n')[0]?.memoryTotalBytes).toBe(56 * gib)
    expect(readAccelerators('', 1, '')).toEqual([])
  })
})

describe('Windows', () => {
  const adapter = String.raw`luid_0x00000000_0x0000C1F4_phys_0`
  const samples = [
    `"(PDH-CSV 4.0)","\\\\PC\\GPU Adapter Memory(${adapter})\\Dedicated Usage","\\\\PC\\GPU Engine(pid_42_${adapter}_eng_0_engtype_3D)\\Utilization Percentage","\\\\PC\\GPU Engine(pid_43_${adapter}_eng_0_engtype_3D)\\Utilization Percentage","\\\\PC\\GPU Process Memory(pid_42_${adapter})\\Dedicated Usage"`,
    '"11/27/2026 13:00:00.000","4294967296.000000","20.500000","10.000000","3221225472.000000"',
    '',
  ].join('\r\n')
  const registry = String.raw`
HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}\0000
    DriverDesc    REG_SZ    AMD Radeon RX 7900 XTX
    DriverVersion    REG_SZ    32.0.1
    HardwareInformation.qwMemorySize    REG_QWORD    0x600000000
`

  it('adds engines of a kind, takes the total from the registry', () => {
    expect(readWindowsGpus(samples, registry)).toMatchObject([
      {
        name: 'AMD Radeon RX 7900 XTX',
        vendor: 'amd',
        memoryTotalBytes: 24 * gib,
        memoryUsedBytes: 4 * gib,
        utilization: 30.5,
        processes: [{ pid: 42, memoryBytes: 3 * gib }],
      },
    ])
  })

  it('does not guess which of two adapters is which', () => {
    const two = `${registry}${registry.replace('0000', '0001').replace('AMD Radeon RX 7900 XTX', 'Intel Arc')}`
    expect(readWindowsGpus(samples, two)[0]).toMatchObject({ name: 'GPU', memoryTotalBytes: undefined })
    expect(readWindowsGpus('', registry)).toEqual([])
  })
})

describe('whose a process is', () => {
  const parents = new Map([
    [10, 1],
    [20, 10],
    [30, 20],
    [40, 41],
    [41, 40],
  ])

  it('the server that started it', () => {
    expect(ownerOf(30, new Map([[10, 'ollama']]), parents)).toBe('ollama')
    expect(ownerOf(99, new Map([[10, 'ollama']]), parents)).toBeUndefined()
    expect(new Set(withDescendants([10], parents))).toEqual(new Set([10, 20, 30]))
  })

  it('a table that goes in circles ends', () => {
    expect(lineageOf(40, parents)).toEqual([40, 41])
  })
})
