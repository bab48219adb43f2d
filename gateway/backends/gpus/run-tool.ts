import { execFile, spawn } from 'node:child_process'

export interface ToolOutput {
  readonly text: string
  /** `missing`: there is no such program; `hung`: it was ended because it gave no answer. */
  readonly end: 'done' | 'failed' | 'missing' | 'hung'
}

/** Runs a program to its end. Never rejects; a program that hangs is killed. */
export type RunTool = (command: string, args: readonly string[]) => Promise<ToolOutput>

const longestRunMs = 3_000
const mostOutput = 4 * 1024 * 1024

export const runTool: RunTool = (command, args) => {
  const { promise, resolve } = Promise.withResolvers<ToolOutput>()
  const options = { timeout: longestRunMs, maxBuffer: mostOutput, windowsHide: true, killSignal: 'SIGKILL' as const }
  const child = execFile(command, [...args], options, (error, stdout, stderr) => {
    if (error === null) return resolve({ text: stdout, end: 'done' })
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    resolve({ text: `${stdout}\n${stderr}`, end: isMissing ? 'missing' : error.killed === true ? 'hung' : 'failed' })
  })
  child.unref()
  // A process that cannot even be killed (a driver that hangs in the kernel) is not waited for.
  setTimeout(() => resolve({ text: '', end: 'hung' }), longestRunMs + 500).unref()
  return promise
}

export interface LongTool {
  stop(): void
}

/** Runs a program that goes on printing lines. `onEnd` once, with all that it printed beside its lines at most. */
export type StartTool = (
  command: string,
  args: readonly string[],
  onLine: (line: string) => void,
  onEnd: (end: ToolOutput) => void,
) => LongTool

export const startTool: StartTool = (command, args, onLine, onEnd) => {
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
  child.unref()
  let rest = ''
  let said = ''
  let isOver = false
  const end = (outcome: ToolOutput['end']): void => {
    if (isOver) return
    isOver = true
    onEnd({ text: said, end: outcome })
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_096)
    const lines = (rest + text).split(/\r?\n/)
    rest = (lines.pop() ?? '').slice(-4_096)
    for (const line of lines) if (!isOver) onLine(line)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_096)
  })
  child.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ENOENT' ? 'missing' : 'failed'))
  child.once('close', () => end('failed'))
  return {
    stop() {
      isOver = true
      child.kill('SIGKILL')
      child.stdout.destroy()
      child.stderr.destroy()
    },
  }
}
