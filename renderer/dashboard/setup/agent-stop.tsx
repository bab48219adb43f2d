import type { Setup } from '../../contract.ts'
import { Lamp } from '../../components/lamp.tsx'
import { openPage } from '../../state/use-page.ts'
import { strings } from '../../strings.ts'

const words = strings.setupPage.agent
const connected: ReadonlySet<string> = new Set(['in place', 'outdated', 'drifted'])

/** The agents that were found; each is connected on its page, where every line is shown first. */
export function AgentStop({ setup }: { readonly setup: Setup }) {
  const found = setup.agents.filter(({ state }) => state !== 'not installed')
  return (
    <div className="agent-parts">
      {found.length === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <ul className="found-list">
          {found.map(({ id, name, state }) => (
            <li key={id} className="found">
              <span className="name">{name}</span>
              <span className="found-what" />
              {connected.has(state) ? (
                <span className="state-word">
                  <Lamp state="up" />
                  {words.connected}
                </span>
              ) : (
                <button
                  type="button"
                  className="button button-small"
                  aria-label={words.open(name)}
                  onClick={() => openPage({ name: 'agents', agent: id })}
                >
                  {words.open(name)}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <div>
        <button type="button" className="button" onClick={() => openPage({ name: 'agents', agent: undefined })}>
          {words.page}
        </button>
      </div>
    </div>
  )
}
