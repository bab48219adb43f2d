import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readParent } from '../listeners/proc-net.ts'

/** Parents by process. Empty where the system has no `/proc`. */
export type ProcessTree = ReadonlyMap<number, number>

/** Linux: one look through `/proc`. */
export async function readProcessTree(root = '/proc'): Promise<ProcessTree> {
  const pids = (await readdir(root).catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number)
  const parents = await Promise.all(
    pids.map(async (pid): Promise<[number, number][]> => {
      const parent = readParent(await readFile(join(root, `${pid}`, 'stat'), 'utf8').catch(() => ''))
      return parent === undefined ? [] : [[pid, parent]]
    }),
  )
  return new Map(parents.flat())
}

/** The process and its parents, nearest first. Pure. */
export function lineageOf(pid: number, tree: ProcessTree): number[] {
  const line = [pid]
  for (let parent = tree.get(pid); parent !== undefined && parent > 1; parent = tree.get(parent)) {
    if (line.includes(parent)) break
    line.push(parent)
  }
  return line
}

/**
 * The owner of a process: most servers run their models in children. `owners`: who listens, by process. Pure.
 */
export function ownerOf(pid: number, owners: ReadonlyMap<number, string>, tree: ProcessTree): string | undefined {
  return lineageOf(pid, tree)
    .map((each) => owners.get(each))
    .find((owner) => owner !== undefined)
}

/** These processes and all that they started. Pure. */
export function withDescendants(pids: Iterable<number>, tree: ProcessTree): number[] {
  const roots = new Set(pids)
  const below = [...tree.keys()].filter((pid) => lineageOf(pid, tree).some((each) => roots.has(each)))
  return [...new Set([...roots, ...below])]
}
