/** What each SDK is asked, and how its script tells what it got: one line of JSON for each task. */

export const settings = {
  url: process.env.GATEWAY_URL,
  key: process.env.GATEWAY_KEY,
  model: process.env.GATEWAY_MODEL,
  session: process.env.GATEWAY_SESSION,
}

export const question = 'Think carefully, step by step: which bird is the password of the day?'

export const readNote = {
  name: 'read_note',
  description: 'Reads a note by its name.',
  parameters: {
    type: 'object',
    properties: { name: { type: 'string', description: 'Name of the note.' } },
    required: ['name'],
    additionalProperties: false,
  },
  run: ({ name }) => `The note "${name}" says: kingfisher.`,
}

export const birdSchema = {
  type: 'object',
  properties: { bird: { type: 'string' }, certain: { type: 'boolean' } },
  required: ['bird', 'certain'],
  additionalProperties: false,
}

export function report(task, result) {
  console.log(JSON.stringify({ task, ...result }))
}
