import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BuildTarget } from './build-targets.ts'
import { isStale, stampPath } from './staleness.ts'

export interface BuildOutcome {
  readonly name: BuildTarget['name']
  readonly result: 'fresh' | 'built' | 'skipped' | 'failed'
  /** What Vite printed, when it failed. */
  readonly output: string
}

/**
 * Builds the targets whose sources are newer than their output, side by side. Each runs in a process of its own, so
 * that Vite's memory and its NODE_ENV do not stay behind in the process that goes on to serve. Without Vite (an
 * installation without development packages) nothing is built and what exists is used.
 */
export async function buildStale(projectDirectory: string, targets: readonly BuildTarget[]): Promise<BuildOutcome[]> {
  const vite = join(projectDirectory, 'node_modules', 'vite', 'bin', 'vite.js')
  const canBuild = existsSync(vite)
  return Promise.all(
    targets.map(async (target): Promise<BuildOutcome> => {
      const buildable = canBuild && existsSync(join(projectDirectory, target.configFile))
      if (!buildable) return { name: target.name, result: 'skipped', output: '' }
      if (!isStale(projectDirectory, target)) return { name: target.name, result: 'fresh', output: '' }
      return build(projectDirectory, vite, target)
    }),
  )
}

async function build(projectDirectory: string, vite: string, target: BuildTarget): Promise<BuildOutcome> {
  // A file saved while the build runs must count as newer, so the stamp carries the time the build began.
  const begun = new Date()
  const { code, output } = await run(projectDirectory, [
    vite,
    'build',
    '-c',
    target.configFile,
    '--logLevel',
    'error',
    '--configLoader',
    'native',
  ])
  if (code !== 0) return { name: target.name, result: 'failed', output }
  const stamp = stampPath(projectDirectory, target)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, '')
  utimesSync(stamp, begun, begun)
  return { name: target.name, result: 'built', output: '' }
}

function run(directory: string, argumentList: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, argumentList, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8')
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', (error) => resolve({ code: null, output: error.message }))
    child.once('close', (code) => resolve({ code, output }))
  })
}

/** The lines for stderr when a build failed; empty when all went well. */
export function describeFailures(outcomes: readonly BuildOutcome[]): string {
  return outcomes
    .filter((outcome) => outcome.result === 'failed')
    .map((outcome) => `Building ${outcome.name} failed:\n${outcome.output.trim()}\n`)
    .join('')
}
