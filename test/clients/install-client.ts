import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** An installed client, or why there is none. */
export type InstalledClient =
  | { readonly installed: true; readonly folder: string }
  | { readonly installed: false; readonly reason: string }

/**
 * Installs one exact version of an agent into `<cache>/signalbox-test-clients/<name>@<version>`, once: the folder appears
 * whole or not at all and is used again by later runs. Install scripts do not run. A registry that does not answer gives a
 * reason and no error, because a machine without a network may still run the other tests.
 */
export async function installClient(name: string, version: string): Promise<InstalledClient> {
  const folder = join(cacheFolder(), `${name.replaceAll('/', '+')}@${version}`)
  if (existsSync(join(folder, 'node_modules'))) return { installed: true, folder }
  mkdirSync(dirname(folder), { recursive: true })
  const draft = mkdtempSync(`${folder}.draft-`)
  try {
    writeFileSync(join(draft, 'package.json'), JSON.stringify({ private: true }))
    const { code, output } = await runNpm(draft, ['install', '--save-exact', `${name}@${version}`])
    if (code !== 0)
      return { installed: false, reason: `npm could not install ${name}@${version}: ${lastWords(output)}` }
    publish(draft, folder)
    return { installed: true, folder }
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

function cacheFolder(): string {
  const cache = process.env.XDG_CACHE_HOME
  return join(cache === undefined || cache === '' ? join(homedir(), '.cache') : cache, 'signalbox-test-clients')
}

/** Another run may have been quicker: its folder holds the same files. */
function publish(draft: string, folder: string): void {
  try {
    renameSync(draft, folder)
  } catch (error) {
    if (!existsSync(join(folder, 'node_modules'))) throw error
  }
}

async function runNpm(folder: string, command: readonly string[]): Promise<{ code: number | null; output: string }> {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1', '--fetch-timeout=60000']
  const child = spawn('npm', [...command, ...flags], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, output: error.message }))
    child.once('close', (code) => resolve({ code, output }))
  })
}

function lastWords(output: string): string {
  const errors = output.split('\n').filter((line) => line.startsWith('npm error'))
  return (errors.length > 0 ? errors.slice(0, 3).join(' ') : output.trim().slice(-300)) || 'it said nothing'
}
