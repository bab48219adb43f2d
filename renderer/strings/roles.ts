import { plural } from './plural.ts'

/** The words of the table of roles and categories. */
export const roleStrings = {
  title: 'Roles and categories',
  note: 'Agents of oh-my-openagent and kinds of task. Each is also a model name of the gateway, such as role/oracle.',
  tableLabel: 'Roles and categories',
  kinds: { role: 'Agents', category: 'Categories' },
  columns: { name: 'Name', model: 'Model, router or capability', fallbacks: 'Fallbacks', state: 'Leads to' },
  modelOf: (name: string) => `Model of ${name}`,
  fallbacksOf: (name: string) => `Fallbacks of ${name}`,
  unset: 'the export’s choice',
  ownChain: 'its own',
  leadsTo: { router: 'router', model: 'model', waiting: 'waits for it' },
  off: 'its router is off',
  was: (before: string) => `was ${before === '' ? 'not set' : before}`,
  addRole: 'Name of another agent',
  addCategory: 'Name of another category',
  add: 'Add',
  failed: (reason: string) => `The roles could not be read: ${reason}`,
  changes: (count: number, first: string) => `${plural(count, 'change', 'changes')}: ${first}`,
  change: (name: string, model: string) => (model === '' ? `${name} is no longer set` : `${name} becomes ${model}`),
  more: (count: number) => (count === 0 ? '' : `, and ${count} more`),
  problems: {
    name: (typed: string) =>
      `A name has letters, digits, dots, dashes and underscores. You typed ${typed === '' ? 'nothing' : typed}.`,
    taken: (name: string) => `There is ${name} already.`,
    modelFirst: 'Fallbacks stand behind a model: name one.',
  },
} as const
