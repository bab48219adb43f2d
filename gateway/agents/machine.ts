import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** How long a command of an agent may think, in ms. */
const answerDeadlineMs = 15_000
const longestAnswer = 16 * 1024 * 1024

/** Whether a path exists, or a command is in the search path. */
export function signExists(sign: string, environment: Environment, platform: NodeJS.Platform): boolean {
  return isAbsolute(sign) ? existsSync(sign) : findCommand(sign, environment, platform) !== undefined
}

/** Absolute path of a command; undefined = there is none. */
export function findCommand(name: string, environment: Environment, platform: NodeJS.Platform): string | undefined {
  const endings = platform === 'win32' ? ['.exe', '.cmd', '.bat'] : ['']
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  return folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** What a command prints; undefined when it is not there, fails or does not end in time. */
export function askCommand(
  [name = '', ...rest]: readonly string[],
  environment: Environment,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  const command = findCommand(name, environment, platform)
  // A batch file would need a shell.
  if (command === undefined || /\.(?:cmd|bat)$/iu.test(command)) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    const options = { timeout: answerDeadlineMs, maxBuffer: longestAnswer, env: environment as NodeJS.ProcessEnv }
    const child = execFile(command, rest, options, (error, stdout) => resolve(error === null ? stdout : undefined))
    child.stdin?.end()
  })
}

/** Whether a process is there, be it ours or not. */
export function isProcessRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
