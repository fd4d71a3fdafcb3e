import { render } from 'preact'
import { App } from './app.tsx'
import { followAddress } from './navigation.ts'
import { startSession } from './session.ts'

const root = document.getElementById('app')
if (root === null) throw new Error('index.html must hold an element with the id "app"')

void startSession()
followAddress()
render(<App />, root)
