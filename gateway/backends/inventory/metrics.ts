/** The sum of all samples of one gauge in a Prometheus text; undefined when it is not there. Never throws. */
export function gaugeSum(text: string, name: string): number | undefined {
  let sum: number | undefined
  for (const line of text.split('\n')) {
    if (!line.startsWith(name)) continue
    const rest = line.slice(name.length)
    if (rest[0] !== '{' && rest[0] !== ' ') continue
    const value = Number(
      rest
        .slice(rest.lastIndexOf('}') + 1)
        .trim()
        .split(/\s+/)[0],
    )
    if (Number.isFinite(value)) sum = (sum ?? 0) + value
  }
  return sum
}
