import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatewayArguments } from '../../../../main/gateway/gateway-environment.ts'
import { linkAmong, readDeepLink } from '../../../../main/links/deep-link.ts'
import { createLinkInbox } from '../../../../main/links/link-inbox.ts'

describe('a link', () => {
  it.each([
    ['signalbox://', ''],
    ['signalbox:///', ''],
    ['signalbox://activity', '#/activity'],
    ['signalbox://activity/01a1f8e4-0e88', '#/activity/01a1f8e4-0e88'],
    ['SIGNALBOX://spend/', '#/spend'],
  ])('%s shows a page', (link, page) => {
    expect(readDeepLink(link)).toBe(page)
  })

  it.each([
    'https://activity',
    'signalbox://user:secret@activity',
    'signalbox://activity:80',
    'signalbox://activity?key=sk-1',
    'signalbox://activity#code=1',
    'signalbox://activity/%00',
    'signalbox://a b',
    `signalbox://${'a'.repeat(400)}`,
    'signalbox',
    '',
  ])('%s shows none', (link) => {
    expect(readDeepLink(link)).toBeUndefined()
  })

  it('can never be more than a page, whatever is written in it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const page = readDeepLink(`signalbox://${text}`)
        expect(page ?? '').toMatch(/^(?:|#\/[\w/.:-]*)$/)
      }),
    )
  })
})

it('takes all flags from a start by a link: a page could have written them', () => {
  const injected = ['--data-dir', '/evil', 'signalbox://activity']
  expect(linkAmong(injected)).toBe('signalbox://activity')
  expect(gatewayArguments(injected)).toEqual([])
  expect(gatewayArguments(['--data-dir', '/mine'])).toEqual(['--data-dir', '/mine'])
})

describe('the inbox of links', () => {
  it('keeps what comes before somebody takes it, in order and not without end', () => {
    const inbox = createLinkInbox()
    for (let index = 0; index < 20; index += 1) inbox.add(`signalbox://${index}`)
    const taken: string[] = []
    const release = inbox.take((link) => taken.push(link))
    inbox.add('signalbox://later')
    expect(taken).toHaveLength(9)
    expect([taken[0], taken[8]]).toEqual(['signalbox://0', 'signalbox://later'])
    release()
    inbox.add('signalbox://waiting')
    expect(taken).toHaveLength(9)
  })
})
