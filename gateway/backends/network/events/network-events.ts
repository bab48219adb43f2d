import { type ChildProcess, spawn } from 'node:child_process'

/** Tells that something about interfaces, addresses or routes changed; what, is asked then. */
export interface NetworkEvents {
  /** For people: `ip monitor`. */
  readonly name: string
  /** True when every change of a route is told, so that asking now and then is enough. */
  readonly complete: boolean
  /** Begins; `onGone` when nothing will be told any more. Gives the way to end it. */
  start(onEvent: () => void, onGone: () => void): () => void
}

/** A system program that prints a line at each change and otherwise sleeps. */
export interface EventProgram {
  readonly name: string
  readonly complete: boolean
  readonly command: string
  readonly args: readonly string[]
  /** True for a line that tells of a change. */
  readonly isChange: (line: string) => boolean
}

const restartMs = 5_000
const mostRestarts = 5
const longestLine = 64 * 1024

/** Runs the program for as long as somebody listens; one that ends is started again a few times. */
export function createProgramEvents(program: EventProgram): NetworkEvents {
  return {
    name: program.name,
    complete: program.complete,
    start(onEvent, onGone) {
      const run = new ProgramRun(program, onEvent, onGone)
      run.begin()
      return () => run.end()
    },
  }
}

class ProgramRun {
  readonly #program: EventProgram
  readonly #onEvent: () => void
  readonly #onGone: () => void
  #child: ChildProcess | undefined
  #timer: NodeJS.Timeout | undefined
  #restarts = 0
  #ended = false

  constructor(program: EventProgram, onEvent: () => void, onGone: () => void) {
    this.#program = program
    this.#onEvent = onEvent
    this.#onGone = onGone
  }

  begin(): void {
    const { command, args, isChange } = this.#program
    const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true })
    this.#child = child
    // The gateway may end while the program sleeps.
    child.unref()
    const stdout = child.stdout as (typeof child.stdout & { unref?: () => void }) | null
    stdout?.unref?.()
    let rest = ''
    stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split(/\r?\n/)
      rest = (lines.pop() ?? '').slice(-longestLine)
      if (!this.#ended && lines.some(isChange)) this.#onEvent()
    })
    // `error`: the program is not there; `close` follows it or comes alone.
    child.once('error', () => this.#stopped(true))
    child.once('exit', () => this.#stopped(false))
  }

  end(): void {
    this.#ended = true
    clearTimeout(this.#timer)
    this.#child?.kill()
  }

  #stopped(isMissing: boolean): void {
    if (this.#ended || this.#timer !== undefined) return
    this.#restarts += 1
    if (isMissing || this.#restarts > mostRestarts) {
      this.#ended = true
      this.#onGone()
      return
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.begin()
      // Whatever happened in between was not told.
      this.#onEvent()
    }, restartMs).unref()
  }
}
