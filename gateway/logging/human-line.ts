const levelWords: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warning',
  50: 'error',
  60: 'fatal',
}

const ownKeys: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'pid', 'hostname'])

/**
 * Turns one JSON log line into one line for people: `10:21:03 warning  The key is missing. variable=MISTRAL_API_KEY`.
 * Local time. A line that is not JSON is given back as it is.
 */
export function humanLine(line: string): string {
  let record: Record<string, unknown>
  try {
    record = JSON.parse(line) as Record<string, unknown>
  } catch {
    return line
  }
  const time = new Date(Number(record['time'])).toTimeString().slice(0, 8)
  const level = (levelWords[Number(record['level'])] ?? 'log').padEnd(7)
  const fields = Object.entries(record)
    .filter(([key]) => !ownKeys.has(key))
    .map(([key, value]) => `${key}=${humanValue(value)}`)
  const message = typeof record['msg'] === 'string' ? record['msg'] : ''
  return `${[time, level, message, ...fields].filter((part) => part !== '').join(' ')}\n`
}

function humanValue(value: unknown): string {
  if (typeof value === 'string') return /\s/.test(value) ? JSON.stringify(value) : value
  if (isErrorDescription(value)) return [value.code ?? value.type, value.message].filter(Boolean).join(': ')
  return JSON.stringify(value) ?? ''
}

function isErrorDescription(value: unknown): value is { type: string; code?: string; message?: string } {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}
