import { Command } from '../../components/command.tsx'
import type { Setup } from '../../contract.ts'
import { strings } from '../../strings.ts'

const words = strings.setupPage.found

/** What was found on this machine: a LiteLLM stack and its command, keys, local servers, agents. */
export function FoundStop({ setup }: { readonly setup: Setup }) {
  const { stacks, litellm, environment, backends } = setup
  const agents = setup.agents.filter(({ state }) => state !== 'not installed')
  const nothing = stacks.length + environment.length + backends.length + agents.length === 0 && litellm === null
  if (nothing) {
    return (
      <div className="setup-nothing">
        <h2>{words.nothingTitle}</h2>
        <p className="quiet">{words.nothing}</p>
      </div>
    )
  }
  return (
    <ul className="found-list">
      {stacks.map(({ path, models, command }) => (
        <li key={path} className="found-stack">
          <Found
            name={words.stack}
            what={<code className="breakable">{path}</code>}
            count={words.stackModels(models)}
          />
          <p className="under">{words.stackHow}</p>
          <Command text={command} />
        </li>
      ))}
      {litellm !== null && (
        <li>
          <Found name={words.litellm} what={litellm.sentence} count="" />
        </li>
      )}
      {environment.length > 0 && (
        <li>
          <Found
            name={words.keys}
            what={environment.map(({ provider }) => provider).join(', ')}
            count={words.inEnvironment(environment.length)}
          />
        </li>
      )}
      {backends.map(({ name, label, url, models }) => (
        <li key={name}>
          <Found name={label} what={url.replace(/^https?:\/\//u, '')} count={words.models(models)} />
        </li>
      ))}
      {agents.length > 0 && (
        <li>
          <Found name={words.agents} what={agents.map(({ name }) => name).join(', ')} count={words.agentsLater} />
        </li>
      )}
    </ul>
  )
}

interface FoundProps {
  readonly name: string
  readonly what: React.ReactNode
  readonly count: string
}

function Found({ name, what, count }: FoundProps) {
  return (
    <div className="found">
      <span className="name">{name}</span>
      <span className="found-what quiet">{what}</span>
      <span className="quiet">{count}</span>
    </div>
  )
}
