import type { Agent, ExportFacts } from '../agent.ts'
import { keyExport, keyVariable } from '../own-files.ts'

/** Text to copy; nothing is written but the key. */
export const python = snippet('python', 'Python SDKs', ['python3', 'python'], ({ url, model }) => [
  'import os',
  'from openai import OpenAI',
  `client = OpenAI(base_url="${url}/v1", api_key=os.environ["${keyVariable}"])`,
  `answer = client.chat.completions.create(model=${JSON.stringify(model.name)}, messages=[{"role": "user", "content": "Hello"}])`,
  'print(answer.choices[0].message.content)',
  '# from anthropic import Anthropic',
  `# Anthropic(base_url="${url}", auth_token=os.environ["${keyVariable}"])`,
])

export const typescript = snippet('typescript', 'TypeScript SDKs', ['node'], ({ url, model }) => [
  "import OpenAI from 'openai'",
  `const client = new OpenAI({ baseURL: '${url}/v1', apiKey: process.env.${keyVariable} })`,
  `const answer = await client.chat.completions.create({ model: ${JSON.stringify(model.name)}, messages: [{ role: 'user', content: 'Hello' }] })`,
  'console.log(answer.choices[0]?.message.content)',
  `// new Anthropic({ baseURL: '${url}', authToken: process.env.${keyVariable} })`,
  `// createOpenAICompatible({ name: 'signalbox', baseURL: '${url}/v1', apiKey: process.env.${keyVariable} })`,
])

export const curl = snippet('curl', 'curl', ['curl'], ({ url, model }) => [
  `curl ${url}/v1/chat/completions \\`,
  `  -H "Authorization: Bearer $${keyVariable}" -H 'Content-Type: application/json' \\`,
  `  -d '${JSON.stringify({ model: model.name, messages: [{ role: 'user', content: 'Hello' }] }).replaceAll("'", `'\\''`)}'`,
])

function snippet(
  id: string,
  name: string,
  commands: readonly string[],
  lines: (facts: ExportFacts) => readonly string[],
): Agent {
  return {
    id,
    name,
    kind: 'snippet',
    signs: () => commands,
    files: () => [],
    plan: (_current, facts) => ({
      changes: [],
      notes: [`The key for it: ${keyExport(facts)}`],
      snippet: lines(facts).join('\n'),
    }),
  }
}
