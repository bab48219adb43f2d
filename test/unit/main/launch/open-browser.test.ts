import { expect, it } from 'vitest'
import { browserCommand, findInterfaceLink } from '../../../../main/launch/open-browser.ts'

it('finds the link of the interface in the line that has it, and in no other', () => {
  expect(findInterfaceLink('interface    http://127.0.0.1:4000/ui/#code=abc')).toBe(
    'http://127.0.0.1:4000/ui/#code=abc',
  )
  expect(findInterfaceLink('listening on http://127.0.0.1:4000')).toBeUndefined()
  expect(findInterfaceLink('interface    not built; `npm run build:ui` makes it')).toBeUndefined()
})

it('hands the link over as one argument, never through a shell', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    expect(browserCommand(platform, 'http://x/ui/#code=a&b').argumentList).toContain('http://x/ui/#code=a&b')
  }
})
