import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { detect } from 'nanodet-server'

const list = new Intl.ListFormat('en')
const answer = ({ detections }) => `I see ${list.format(detections.map(({ label }) => `a ${label}`)) || 'nothing that I know'}.\n`
const server = createServer(async (request, response) => {
  response.end(await buffer(request).then(detect).then(answer).catch(error => `${error.message}\n`))
})
server.listen(Number(process.env.PORT ?? 3000), () => console.log(`listening at http://localhost:${server.address().port}`))
