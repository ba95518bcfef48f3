/**
 * Jobs: the consumer of {@code $aws/things/{thing}/jobs/start-next}. {@link io.cameliot.awsiot.job.JobMachine} decides, the
 * others do it.
 */
package io.cameliot.awsiot.job;
