/** The page's program: one state, and the views that show it. */
import { createServer } from './logic/server.ts'
import { INITIAL } from './logic/state.ts'
import { createStore } from './logic/store.ts'
import { createActions } from './view/actions.ts'
import type { App } from './view/app-context.ts'
import { mountBoxPanel } from './view/box-panel.ts'
import { mountFilters } from './view/filters.ts'
import { mountSource } from './view/source.ts'
import { mountStage } from './view/stage.ts'

const store = createStore(INITIAL)
const server = createServer(new URL('.', location.href), (...args) => fetch(...args))
const app: App = { store, server, actions: createActions(store, server) }

mountSource(app)
mountStage(app)
mountFilters(app)
mountBoxPanel(app)
