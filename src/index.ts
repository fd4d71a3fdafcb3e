import { app } from './app.ts'

export { Learner } from './bandit/learner.ts'
export { Quota } from './caps/quota.ts'
export { PersonShard } from './person-shard.ts'
export { Editors } from './presence/editors.ts'
export { Publisher } from './publisher.ts'
export { Reporter } from './reporter.ts'
export { Board } from './site/board.ts'
export { VisitorShard } from './visitor-shard.ts'

export default app
