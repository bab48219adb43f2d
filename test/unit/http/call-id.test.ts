import { describe, expect, it } from 'vitest'
import { createCallId, readWantedCallId } from '../../../gateway/http/call-id.ts'

describe('call ids', () => {
  it('are UUIDs of version 7 with the time in front', () => {
    const id = createCallId(0x0123_4567_89ab)
    expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u)
  })

  it('sort by time and do not repeat', () => {
    const ids = Array.from({ length: 2000 }, (_, index) => createCallId(1_790_000_000_000 + index))
    expect(ids.toSorted()).toEqual(ids)
    const sameMoment = Array.from({ length: 2000 }, () => createCallId(1))
    expect(new Set(sameMoment).size).toBe(2000)
  })

  it.each(['a', 'A.b_c:d-9', 'x'.repeat(128)])('take %s from a client', (id) => expect(readWantedCallId(id)).toBe(id))

  it.each([undefined, '', 'x'.repeat(129), 'a b', 'a/b', 'ä', ['a', 'b']])('do not take %j', (id) =>
    expect(readWantedCallId(id)).toBeUndefined(),
  )
})
