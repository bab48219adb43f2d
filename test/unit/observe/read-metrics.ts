type Labels = Readonly<Record<string, string>>

/** Reads Prometheus' text format; throws on a line that is none of it. Gives the value of one series, undefined when there is none. */
export function readMetrics(text: string): (name: string, labels: Labels) => number | undefined {
  const series = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const parts = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/u.exec(line)?.groups
    if (parts?.name === undefined) throw new Error(`not a line of metrics: ${line}`)
    const labels = [...(parts.labels ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/gu)].map(
      ([, name = '', value = '']) => [name, value] as const,
    )
    series.set(seriesName(parts.name, Object.fromEntries(labels)), Number(parts.value))
  }
  return (name, labels) => series.get(seriesName(name, labels))
}

function seriesName(name: string, labels: Labels): string {
  return JSON.stringify([name, Object.entries(labels).toSorted(([left], [right]) => (left < right ? -1 : 1))])
}
