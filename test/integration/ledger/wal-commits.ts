import { readFileSync } from 'node:fs'

/**
 * Commits in a write-ahead log, read from the file itself: the last frame of each transaction carries the size of the
 * database after it, all others 0 (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
 */
export function countWalCommits(databasePath: string): number {
  const log = readFileSync(`${databasePath}-wal`)
  const headerBytes = 32
  const frameBytes = 24 + log.readUInt32BE(8)
  const salt = log.subarray(16, 24)
  let commits = 0
  for (let offset = headerBytes; offset + frameBytes <= log.length; offset += frameBytes) {
    const isOfThisLog = log.subarray(offset + 8, offset + 16).equals(salt)
    if (isOfThisLog && log.readUInt32BE(offset + 4) > 0) commits += 1
  }
  return commits
}
