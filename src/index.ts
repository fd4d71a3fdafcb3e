import { app } from './app.ts'

export { Learner } from './bandit/learner.ts'
export { PersonShard } from './person-shard.ts'
export { Board } from './site/board.ts'
export { VisitorShard } from './visitor-shard.ts'

export default app
