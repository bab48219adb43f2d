/** The filters of `GET /api/spend` and of the command `spend`, by their names in both. */
export const spendFilters = [
  'model',
  'provider',
  'router',
  'tier',
  'agent',
  'key',
  'session',
  'tag',
  'role',
  'user',
  'team',
  'billing',
] as const
