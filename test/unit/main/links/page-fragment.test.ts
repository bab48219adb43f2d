import { expect, it } from 'vitest'
import { readPageFragment } from '../../../../main/links/page-fragment.ts'

it.each(['#/', '#/activity', '#/activity/01a1f8e4-0e88-718c-8392-1a16e5da5e37', '#/routers/my.router:2'])(
  'takes the page %s',
  (fragment) => {
    expect(readPageFragment(fragment)).toBe(fragment)
  },
)

it.each([
  undefined,
  null,
  42,
  '',
  '/activity',
  '#code=abc',
  'https://example.invalid/#/activity',
  '#/a?b',
  '#/a\n',
  '#/<b>',
  '#/../%2e',
  ['#/activity'],
])('takes %j for no page', (value) => {
  expect(readPageFragment(value)).toBeUndefined()
})
