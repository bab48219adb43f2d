import { editDistance } from '../config/source/nearest-name.ts'

const longestName = 80

/** The names most like `wanted`, best first, at most three; none when nothing is close. */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  const asked = wanted.slice(0, longestName).toLowerCase()
  const limit = Math.max(2, Math.floor(asked.length / 3))
  return names
    .map((name) => ({ name, distance: closeness(asked, name.slice(0, longestName).toLowerCase(), limit) }))
    .filter(({ distance }) => distance <= limit)
    .sort((left, right) => left.distance - right.distance)
    .slice(0, 3)
    .map(({ name }) => name)
}

/** Edit distance as far as it matters; a name that merely has the other one in it counts as one edit. */
function closeness(left: string, right: string, limit: number): number {
  if (left.length > 2 && (right.includes(left) || left.endsWith(`/${right}`))) return 1
  return Math.abs(left.length - right.length) > limit ? limit + 1 : editDistance(left, right)
}
