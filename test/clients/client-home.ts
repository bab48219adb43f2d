import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ClosedProxy } from './closed-proxy.ts'

export interface ClientRun {
  readonly code: number | null
  /** What a person sees as the answer. */
  readonly answer: string
  readonly errors: string
}

export interface ClientHomeOptions {
  /** Part of the folder's name. */
  readonly name: string
  readonly proxy: ClosedProxy
  /** Files below the home, by path: the client's own configuration. */
  readonly files?: Readonly<Record<string, string>>
  /** Files of the project folder that the client works in. */
  readonly project?: Readonly<Record<string, string>>
}

/** A home and a project folder for one client, apart from the user's own. */
export interface ClientHome {
  readonly home: string
  readonly project: string
  /** Runs a command in the project folder with nothing of this machine's environment but PATH; killed after 100 s. */
  run(command: readonly string[], environment?: Readonly<Record<string, string>>): Promise<ClientRun>
  remove(): void
}

const deadlineMs = 100_000

export function createClientHome(options: ClientHomeOptions): ClientHome {
  const home = mkdtempSync(join(tmpdir(), `signalbox-${options.name}-`))
  const project = join(home, 'project')
  mkdirSync(project)
  writeFiles(home, options.files)
  writeFiles(project, options.project)
  return {
    home,
    project,
    run: (command, environment = {}) =>
      runCommand(command, project, {
        ...options.proxy.environment,
        PATH: process.env.PATH ?? '',
        HOME: home,
        USERPROFILE: home,
        TMPDIR: home,
        TERM: 'dumb',
        NO_COLOR: '1',
        ...environment,
      }),
    remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }),
  }
}

function writeFiles(folder: string, files: Readonly<Record<string, string>> = {}): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

function runCommand(
  [file = '', ...flags]: readonly string[],
  folder: string,
  environment: Record<string, string>,
): Promise<ClientRun> {
  const child = spawn(file, flags, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: environment })
  let answer = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answer += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const deadline = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(deadline)
      resolve({ code, answer, errors })
    })
  })
}
