import { describe, expect, it } from 'vitest'
import type { ConfigProblem } from '../../../gateway/contract/status.ts'
import { announcementLines, warningLines } from '../../../gateway/process/announcement.ts'
import { failureSentence, sortStartFailure } from '../../../gateway/process/failure.ts'

function problem(severity: ConfigProblem['severity'], message: string): ConfigProblem {
  return {
    severity,
    file: '/etc/x/config.yaml',
    line: 7,
    column: 3,
    path: 'a',
    message,
    seen: null,
    wanted: null,
    nearest: null,
  }
}

describe('why a start failed', () => {
  const taken = Object.assign(new Error('listen'), { code: 'EADDRINUSE', port: 4000 })

  it('errors in the config: 2', () => {
    expect(sortStartFailure(taken, [problem('error', 'x')]).exitCode).toBe(2)
  })

  it('a taken port, also as a cause: 3', () => {
    expect(sortStartFailure(new Error('wrapped', { cause: taken }), [problem('warning', 'x')])).toEqual({
      exitCode: 3,
      kind: 'port',
      port: 4000,
    })
  })

  it('anything else: 1', () => {
    expect(sortStartFailure(new Error('disk'), []).exitCode).toBe(1)
    expect(sortStartFailure(undefined, []).exitCode).toBe(1)
  })
})

describe('the sentence for a start that failed', () => {
  const failed = (code: string) => failureSentence(Object.assign(new Error(`${code}: mkdir '/data'`), { code }))

  it.each(['EACCES', 'EPERM', 'EROFS'])('says whose rights to look at: %s', (code) =>
    expect(failed(code)).toMatch(/'\/data'\. Check who may read and write there\.$/),
  )

  it.each(['EEXIST', 'ENOTDIR'])('says that a file is in the way: %s', (code) =>
    expect(failed(code)).toMatch(/a file stands where a folder is wanted .*'\/data'.* --data-dir/),
  )
})

describe('what is printed at the start', () => {
  const started = {
    url: 'http://127.0.0.1:4000',
    port: 4000,
    uiLink: 'http://127.0.0.1:4000/ui/#code=abc',
    controlToken: 't',
  }

  it('begins with the line that scripts wait for, and never shows the control token', () => {
    const lines = announcementLines({ started, hasInterface: true, configPath: '/c.yaml', namedDataDir: "/a b's" })
    expect(lines[0]).toBe('listening on http://127.0.0.1:4000')
    expect(lines[1]).toContain(started.uiLink)
    expect(lines[2]).toContain(String.raw`keys show --data-dir '/a b'\''s'`)
  })

  it('does not offer an interface that was not built', () => {
    const lines = announcementLines({ started, hasInterface: false, configPath: '/c.yaml', namedDataDir: undefined })
    expect(lines.join('\n')).not.toContain('#code=')
  })

  it('shows warnings in short and says when there are more', () => {
    const problems = Array.from({ length: 12 }, (_, index) => problem('warning', `warning ${index}`))
    const lines = warningLines([...problems, problem('note', 'quiet')], ['--num_workers has no effect'])
    expect(lines[0]).toBe('note: --num_workers has no effect')
    expect(lines[1]).toBe('warning: config.yaml:7 warning 0')
    expect(lines.at(-1)).toContain('4 more')
    expect(lines.join()).not.toContain('quiet')
  })
})
