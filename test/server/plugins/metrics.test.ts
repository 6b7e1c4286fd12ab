import t from 'tap'
import { photo } from '../../support/files.ts'
import { startApp } from '../../support/server.ts'

t.test('GET /metrics', async t => {
  const { app } = await startApp(t, { MAX_QUEUE: '0' })
  const post = (payload: Buffer) => app.inject({ method: 'POST', url: '/detect', payload, headers: { 'content-type': 'image/jpeg' } })
  await post(photo('sample-me.jpg'))
  await post(photo('sample-me.jpg').subarray(0, 9000))
  await Promise.all([post(photo('sample1.jpg')), post(photo('sample1.jpg'))])
  const response = await app.inject('/metrics')
  t.match(response.headers['content-type'], /^text\/plain/)
  const value = (line: string): number => Number(new RegExp(`^${line.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(response.body)?.[1])
  t.equal(value('detect_detections_total{model="nanodet-m-416",label="tie"}'), 1)
  t.ok(value('detect_stage_duration_seconds_count{model="nanodet-m-416",stage="inference"}') >= 2)
  t.ok(value('detect_stage_duration_seconds_sum{model="nanodet-m-416",stage="decode"}') > 0)
  t.equal(value('http_request_errors_total{code="CORRUPT_IMAGE"}'), 1)
  t.equal(value('http_request_errors_total{code="OVERLOADED"}'), 1)
  t.equal(value('detect_rejected_total{reason="queue_full"}'), 1)
  t.equal(value('http_request_duration_seconds_count{method="POST",route="/detect",status="422"}'), 1)
  t.equal(value('detect_workers'), 1)
  t.equal(value('detect_workers_busy'), 0)
  t.equal(value('detect_queue_depth'), 0)
  t.equal(value('detect_ready'), 1)
  t.equal(value('detect_worker_crashes_total'), 0)
  t.ok(value('nodejs_eventloop_utilization') > 0 && value('nodejs_eventloop_utilization') <= 1)
  t.ok(value('process_resident_memory_bytes') > 1e7)
  t.equal(value('http_requests_in_flight'), 1, 'this one')
})
